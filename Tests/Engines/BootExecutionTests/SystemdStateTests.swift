import LinuxSystem
import SystemPackage
import Testing

@testable import BootExecution

@Suite("What a systemd is told of the initramfs")
struct SystemdStateTests {
    @Test("the state is one line and an empty one, as systemd writes it, and its descriptor is named")
    func text() {
        #expect(
            SystemdState(realtime: 1_700_000_000_000_000, monotonic: 42).text
                == "initrd-timestamp=1700000000000000 42\n\n")
        #expect(SystemdState.arguments(descriptor: 7) == ["--switched-root", "--system", "--deserialize", "7"])
    }

    @Test(
        "the version stands in the name of systemd's library",
        arguments: [
            ("libsystemd-shared-252.so", 252), ("libsystemd-shared-254.10-1.fc39.so", 254),
            ("libsystemd-shared-.so", nil), ("libsystemd-core-252.so", nil), ("", nil),
        ])
    func versions(name: String, version: Int?) { #expect(SystemdState.version(ofLibrary: name) == version) }

    @Test(
        "only a systemd of a version that was tried gets it",
        arguments: [
            ("usr/lib/systemd", "libsystemd-shared-252.so", "/lib/systemd/systemd", true),
            ("usr/lib/x86_64-linux-gnu/systemd", "libsystemd-shared-257.so", "/lib/systemd/systemd", true),
            ("usr/lib64/systemd", "libsystemd-shared-257.7-1.fc42.so", "../lib/systemd/systemd", true),
            ("usr/lib/systemd", "libsystemd-shared-300.so", "/lib/systemd/systemd", false),
            ("usr/lib/systemd", "libsystemd-shared-252.so", "/usr/lib/busybox", false),
        ])
    func fits(folder: String, library: String, target: String, fits: Bool) throws {
        let root = try PrivateFolder(in: "/tmp", prefix: "systemd-state")
        try Folders.make(root.path.appending(folder))
        try Folders.make(root.path.appending("sbin"))
        try AtomicFile.write([], to: root.path.appending("\(folder)/\(library)"))
        try ChildProcess.run("ln", ["-s", target, root.path.appending("sbin/init").string]).requireSuccess()
        #expect(SystemdState.fits("/sbin/init", in: root.path) == fits)
        #expect(!SystemdState.fits("/sbin/other", in: root.path))
    }
}
