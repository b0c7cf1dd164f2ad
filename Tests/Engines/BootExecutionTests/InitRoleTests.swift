import BootModel
import SystemPackage
import Testing

@testable import BootExecution

@Suite("What lifeboot-init is for in a call")
struct InitRoleTests {
    @Test(
        "only the first process of a marked initramfs is one; the kernel's loader is told by its name",
        arguments: [
            ("/init", 1, true, true, InitRole.firstProcess), ("/init", 2, true, true, .guest),
            ("/init", 1, false, true, .guest), ("/init", 1, true, false, .guest),
            ("/usr/lib/lifeboot/lifeboot-init", 300, true, true, .guest),
            ("/sbin/modprobe", 40, true, true, .moduleLoader), ("modprobe", 1, true, true, .moduleLoader),
            ("/modprobe/init", 1, true, true, .firstProcess), ("", 1, true, true, .firstProcess),
        ])
    func role(name: String, process: Int, isInMemory: Bool, isMarked: Bool, role: InitRole) {
        #expect(
            InitRole(name: name, process: Int32(process), isInMemory: isInMemory, isMarked: isMarked) == role)
    }

    @Test(
        "the kernel's call names modules after its options",
        arguments: [
            (["-q", "--", "fs-vfat"], ["fs-vfat"]), (["-q", "nls_ascii"], ["nls_ascii"]), ([], []),
            (["--", "-odd"], ["-odd"]),
        ])
    func requests(arguments: [String], names: [String]) {
        #expect(ModprobeProgram.requests(arguments) == names)
    }

    @Test("init= comes before what every kernel looks for, and only an absolute path counts")
    func handover() {
        let plain = InitHandover(KernelCommandLine(parsing: "quiet"), arguments: ["single"], environment: [:])
        #expect(plain.programs == ["/sbin/init", "/etc/init", "/bin/init", "/bin/sh"])
        #expect(plain.arguments == ["single"])
        let named = InitHandover(KernelCommandLine(parsing: "init=/bin/x init=/bin/y"), arguments: [], environment: [:])
        #expect(named.programs.first == "/bin/y" && named.programs.count == 5)
        let relative = InitHandover(KernelCommandLine(parsing: "init=bash"), arguments: [], environment: [:])
        #expect(relative.programs.first == "/sbin/init")
    }

    @Test("the kernel's variables are handed on, less the one that this program added")
    func environment() {
        let handover = InitHandover(
            KernelCommandLine(parsing: ""), arguments: [],
            environment: ["HOME": "/", "TERM": "linux", "SWIFT_DETERMINISTIC_HASHING": "1"])
        #expect(handover.environment == ["HOME": "/", "TERM": "linux"])
    }

    @Test(
        "rd.break stops where dracut's words say, never on a sealed system",
        arguments: [
            ("", nil), ("rd.break", .end), ("rd.break=pre-pivot", .end), ("rd.break=cleanup", .end),
            ("rd.break=pre-mount", .start), ("rd.break=cmdline", .start), ("rd.break=0", nil),
        ] as [(String, BootParameters.Breakpoint?)])
    func breakpoints(words: String, point: BootParameters.Breakpoint?) {
        let parameters = BootParameters(KernelCommandLine(parsing: words))
        #expect(parameters.breakpoint == point)
        #expect((parameters.watchdogSeconds == nil) == (point != nil))
        #expect(parameters.sealed.breakpoint == nil && !parameters.sealed.shellOnFailure)
    }
}
