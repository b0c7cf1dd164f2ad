import Faults
import Glibc
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Leaving an initramfs")
struct RootSwitchTests {
    @Test("only what is in memory can be an initramfs")
    func memory() {
        #expect(MemoryFilesystem.holds("/dev/shm") && !MemoryFilesystem.holds("/proc"))
        #expect(!MemoryFilesystem.holds("/nowhere"))
    }

    @Test("emptying never goes into what is mounted", .enabled(if: ThisProcess.isRoot))
    func staysOnDevice() throws {
        let folder = try TemporaryFolder()
        try Folders.make(folder.path.appending("a/b/c"))
        let mounted = folder.path.appending("mounted")
        try Folders.make(mounted)
        try Mount.temporary(on: mounted, size: "1m")
        defer { try? Mount.unmount(mounted) }
        try AtomicFile.write([1], to: mounted.appending("kept"))
        let error = #expect(throws: SystemError.self) { try TreeRemoval.empty(folder.path, staysOnDevice: true) }
        #expect(error?.subject == mounted.string && error?.errno == .improperLink)
        #expect(try FileBytes.read(mounted.appending("kept"), limit: 10) == [1])
    }

    @Test("emptying on one device takes everything", .enabled(if: ThisProcess.isRoot))
    func empties() throws {
        let folder = try TemporaryFolder()
        try Folders.make(folder.path.appending("a/b/c"))
        try AtomicFile.write([1], to: folder.path.appending("a/b/x"))
        try TreeRemoval.empty(folder.path, staysOnDevice: true)
        #expect(try Folders.isEmpty(folder.path))
    }

    @Test("what a first process mounts has the flags and limits of systemd's own")
    func mounts() {
        #expect(InitialMounts.all.map(\.target) == ["/proc", "/sys", "/dev", "/run"])
        let options = Dictionary(uniqueKeysWithValues: InitialMounts.all.map { ($0.target, $0.options) })
        #expect(options["/run"] == "mode=0755,size=20%,nr_inodes=800k")
        #expect(options["/dev"] == "mode=0755,size=4m,nr_inodes=1m")
        // MS_NOSUID everywhere; MS_NODEV but in /dev.
        #expect(InitialMounts.all.allSatisfy { $0.flags & 2 != 0 })
        #expect(InitialMounts.all.filter { $0.flags & 4 == 0 }.map(\.target) == ["/dev"])
    }

    @Test("a file in memory that is left to the next program is open at its beginning, across exec")
    func left() throws {
        let number = try MemoryFile([1, 2, 3]).leaveToNextProgram()
        defer { close(number) }
        #expect(fcntl(number, F_GETFD) == 0)
        var bytes: [UInt8] = [0, 0, 0, 0]
        #expect(read(number, &bytes, 4) == 3 && bytes == [1, 2, 3, 0])
    }
}
