import LinuxSystem
import SystemPackage
import Testing

@Suite("What a folder takes on the disk")
struct FolderSizeTests {
    @Test("is that of all below it, and of no more than a link leads to")
    func sum() throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "folder-size")
        let empty = FolderSize(of: folder.path)
        try Folders.make(folder.path.appending("a/b"))
        try AtomicFile.write([UInt8](repeating: 1, count: 100_000), to: folder.path.appending("a/b/file"))
        try DirectoryHandle(root: folder.path).link("usr", to: "/usr")
        let full = FolderSize(of: folder.path)
        let added = full.bytes - empty.bytes
        #expect(full.isWhole && added >= 100_000 && added < 200_000, "\(added)")
        #expect(FolderSize(of: folder.path.appending("absent")) == FolderSize())
        #expect((full + full).bytes == 2 * full.bytes)
    }

    @Test("is said to be more when others keep something to themselves", .enabled(if: !ThisProcess.isRoot))
    func hidden() throws {
        let size = FolderSize(of: "/root")
        #expect(!size.isWhole && !(size + FolderSize()).isWhole)
    }
}
