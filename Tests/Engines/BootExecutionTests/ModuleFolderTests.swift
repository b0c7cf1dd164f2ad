import BootModel
import Faults
import KernelModules
import LinuxSystem
import SystemPackage
import Testing

@testable import BootExecution

@Suite("Modules of an initramfs")
struct ModuleFolderTests {
    /// An initramfs with the modules of one kernel.
    private func root(_ release: String = "6.1") throws -> PrivateFolder {
        let root = try PrivateFolder(in: "/tmp", prefix: "modules")
        for (name, text) in [
            ("lib/modules/\(release)/modules.dep", "k/vfat.ko: k/fat.ko\nk/fat.ko:\nk/pcspkr.ko:\n"),
            ("lib/modules/\(release)/modules.alias", "alias fs-vfat vfat\nalias platform:pcspkr pcspkr\n"),
            ("usr/lib/modprobe.d/a.conf", "options vfat first=1\n"), ("etc/modprobe.d/a.conf", "options vfat own=1\n"),
            ("etc/modprobe.d/b.conf", "install snd /sbin/restore\n"),
        ] {
            let file = root.path.appending(name)
            try Folders.make(file.removingLastComponent())
            try AtomicFile.write(Array(text.utf8), to: file)
        }
        return root
    }

    @Test("whoever loads a module, the words of the command line and the files of settings count, the owner's last")
    func settings() throws {
        let root = try root()
        let line = KernelCommandLine(parsing: "quiet vfat.codepage=437 module_blacklist=pcspkr")
        let folder = try #require(try ModuleFolder.ofThisKernel(line, in: root.path, release: "6.1"))
        guard case .load(let loads) = folder.resolver.answer("fs-vfat") else {
            Issue.record("fs-vfat brings in nothing")
            return
        }
        #expect(loads.map(\.name.description) == ["fat", "vfat"])
        #expect(loads.map(\.parameters) == ["", "own=1 codepage=437"])
        #expect(folder.resolver.answer("platform:pcspkr") == .unknown)
        #expect(folder.problems.count == 1 && folder.problems[0].contains("b.conf"))
    }

    @Test("an initramfs of another kernel says so with both releases; one without modules has nothing to say")
    func kernels() throws {
        let line = KernelCommandLine(parsing: "")
        let root = try root("6.0")
        let error = #expect(throws: EffectError.self) {
            try ModuleFolder.ofThisKernel(line, in: root.path, release: "6.1")
        }
        #expect(error.map { $0.subject.contains("6.1") && $0.cause.contains("6.0") } == true)
        let empty = try PrivateFolder(in: "/tmp", prefix: "modules")
        let none = try ModuleFolder.ofThisKernel(line, in: empty.path)
        #expect(none == nil)
    }
}
