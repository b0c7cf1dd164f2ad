import Faults
import Testing

@testable import ImagePlanning

@Suite("Choice of kernel and initrd")
struct BootFileChoiceTests {
    private func candidates(_ paths: String...) -> [BootFileChoice.Candidate] {
        paths.map { path in
            switch RootfsRules.action(path: path, kind: .regular) {
            case .kernel(let version), .initrd(let version): .init(version: version, path: path)
            default: .init(version: KernelVersion("?"), path: path)
            }
        }
    }

    @Test("the newest kernel and its initrd are taken, /boot before the modules' folder")
    func newest() throws {
        let choice = try BootFileChoice(
            kernels: candidates("boot/vmlinuz-6.1-9", "boot/vmlinuz-6.1-44", "usr/lib/modules/6.1-44/vmlinuz"),
            initrds: candidates("boot/initrd.img-6.1-9", "boot/initrd.img-6.1-44"))
        #expect(choice.kernel.path == "boot/vmlinuz-6.1-44")
        #expect(choice.initrd.path == "boot/initrd.img-6.1-44")
    }

    @Test("a version that is asked for is taken")
    func version() throws {
        let choice = try BootFileChoice(
            kernels: candidates("boot/vmlinuz-1", "boot/vmlinuz-2"), initrds: candidates("boot/initrd.img-1"),
            version: KernelVersion("1"))
        #expect(choice.kernel.path == "boot/vmlinuz-1")
    }

    @Test("no kernel, no initrd of its version, and two of one version are refused")
    func refuses() {
        #expect(throws: ImagePlanningError.self) { try BootFileChoice(kernels: [], initrds: []) }
        let error = #expect(throws: ImagePlanningError.self) {
            try BootFileChoice(
                kernels: candidates("boot/vmlinuz-2", "boot/vmlinuz-1"), initrds: candidates("boot/initrd.img-1"))
        }
        #expect(error?.description.contains("no initrd of version '2', only boot/initrd.img-1") == true)
        #expect(throws: ImagePlanningError.self) {
            try BootFileChoice(
                kernels: candidates("lib/modules/1/vmlinuz", "usr/lib/modules/1/vmlinuz"),
                initrds: candidates("boot/initrd.img-1"))
        }
    }

    private static let header = KernelHeader(format: "bzImage", architectures: ["amd64"])

    @Test("a newer file without a kernel's header, a newer kernel without modules and special kernels are passed over")
    func kinds() throws {
        let real = BootFileChoice.Candidate(
            version: KernelVersion("6.1"), path: "boot/vmlinuz-6.1", header: Self.header)
        let text = BootFileChoice.Candidate(version: KernelVersion("6.9"), path: "boot/vmlinuz-6.9")
        let bare = BootFileChoice.Candidate(
            version: KernelVersion("6.8"), path: "boot/vmlinuz-6.8", header: Self.header)
        let special = ["0-rescue-1234", "6.7+debug", "6.6-kdump"].map {
            BootFileChoice.Candidate(version: KernelVersion($0), path: "boot/vmlinuz-\($0)", header: Self.header)
        }
        let choice = try BootFileChoice(
            kernels: [text, bare] + special + [real], initrds: candidates("boot/initrd.img-6.1", "boot/initrd.img-6.9"),
            modules: [KernelVersion("6.1"), KernelVersion("6.7+debug")])
        #expect(choice.kernel == real && choice.initrd.path == "boot/initrd.img-6.1")
        #expect(choice.passedOver == ["boot/vmlinuz-6.9"])
    }

    @Test("a special kernel is taken when its version is asked for, and named when it is the only one")
    func special() throws {
        let rescue = BootFileChoice.Candidate(
            version: KernelVersion("0-rescue"), path: "boot/vmlinuz-0-rescue", header: Self.header)
        let initrds = candidates("boot/initramfs-0-rescue.img")
        let error = #expect(throws: ImagePlanningError.self) { try BootFileChoice(kernels: [rescue], initrds: initrds) }
        #expect(error?.cause == "there is no kernel, only boot/vmlinuz-0-rescue")
        let choice = try BootFileChoice(kernels: [rescue], initrds: initrds, version: KernelVersion("0-rescue"))
        #expect(choice.kernel == rescue)
    }

    @Test("a kernel is known by the version in it, its initrd by the name that both have")
    func built() throws {
        let header = KernelHeader(format: "bzImage", architectures: ["amd64"], version: KernelVersion("6.9-arch1"))
        let arch = BootFileChoice.Candidate(version: KernelVersion("linux"), path: "boot/vmlinuz-linux", header: header)
        let choice = try BootFileChoice(
            kernels: [arch], initrds: candidates("boot/initramfs-linux.img", "boot/initramfs-linux-fallback.img"),
            modules: [KernelVersion("6.9-arch1")], version: KernelVersion("6.9-arch1"))
        #expect(choice.initrd.path == "boot/initramfs-linux.img")
    }
}
