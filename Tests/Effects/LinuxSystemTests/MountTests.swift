import Faults
import Foundation
import Glibc
import SystemPackage
import Testing

@testable import LinuxSystem

/// Real mounts below a temporary folder; only as root.
@Suite("Mount", .enabled(if: geteuid() == 0), .serialized, .timeLimit(.minutes(10)))
struct MountTests {
    @Test("a tmpfs is mounted with its options and unmounted")
    func temporary() throws {
        let folder = try TemporaryFolder()
        try Mount.temporary(on: folder.path, size: "1m", options: ["nodev", "nosuid"])
        let entry = try #require(try Procfs.mounts().last { $0.target == folder.path })
        #expect(entry.filesystem == "tmpfs" && entry.options.contains("nodev") && entry.options.contains("nosuid"))
        try Mount.unmount(folder.path)
        #expect(try !Procfs.mounts().contains { $0.target == folder.path })
    }

    @Test(
        "a name leads onto another filesystem only where that is wanted", arguments: ["sub/file", "link", "absolute"])
    func crossing(name: String) throws {
        let folder = try TemporaryFolder()
        let mounted = try folder.makeFolder("sub")
        try Mount.temporary(on: mounted, size: "1m")
        defer { try? Mount.unmount(mounted) }
        try AtomicFile.write([7], to: mounted.appending("file"))
        let links = "ln -s sub/file link; ln -s /sub/file absolute"
        try ChildProcess.run("sh", ["-ec", links], directory: folder.path).requireSuccess()
        #expect(try DirectoryHandle(root: folder.path).read(FilePath(name), limit: 9) == [7])
        let inside = try DirectoryHandle(root: folder.path).withoutMounts()
        let error = #expect(throws: SystemError.self) { try inside.read(FilePath(name), limit: 9) }
        #expect(error?.cause == "a link leads to another filesystem")
        #expect(throws: SystemError.self) { _ = try inside.makeDirectory("sub/new") }
    }

    @Test("remounting keeps the other flags")
    func remount() throws {
        let folder = try TemporaryFolder()
        try Mount.temporary(on: folder.path, size: "1m", options: ["nodev", "noexec", "ro"])
        let file = folder.path.appending("x")
        #expect(throws: SystemError.self) { try AtomicFile.write([1], to: file) }
        try Mount.remount(folder.path, readOnly: false)
        try AtomicFile.write([1], to: file)
        try Mount.remount(folder.path, readOnly: true)
        #expect(throws: SystemError.self) { try AtomicFile.write([1], to: file) }
        let entry = try #require(try Procfs.mounts().last { $0.target == folder.path })
        #expect(Set(["ro", "nodev", "noexec"]).isSubset(of: entry.options))
        let error = #expect(throws: SystemError.self) { try Mount.remount("/no/such", readOnly: true) }
        #expect(error?.cause == "not a mount point")
    }

    @Test("an overlay takes writes in its upper layer")
    func overlay() throws {
        let folder = try TemporaryFolder()
        let base = try folder.makeFolder("base")
        try Mount.temporary(on: base, size: "4m")
        let lower = try folder.makeFolder("base/lower")
        let upper = try folder.makeFolder("base/upper")
        let work = try folder.makeFolder("base/work")
        let target = try folder.makeFolder("target")
        try AtomicFile.write([1], to: lower.appending("old"))
        try Mount.overlay(lower: [lower], upper: upper, work: work, on: target)
        try AtomicFile.write([2], to: target.appending("new"))
        #expect(try FileBytes.read(target.appending("old"), limit: 9) == [1])
        #expect(try FileBytes.read(upper.appending("new"), limit: 9) == [2])
        #expect(throws: SystemError.self) { try Mount.overlay(lower: ["/a,b"], upper: nil, work: nil, on: target) }
    }

    @Test("a read-only bind of a folder opened inside a root refuses writes")
    func bind() throws {
        let folder = try TemporaryFolder()
        let source = try folder.makeFolder("source")
        let root = try DirectoryHandle(root: folder.makeFolder("root"))
        let point = try root.makeDirectory("a/b")
        try Mount.bind(source, on: point.mountTarget, options: ["ro"])
        let error = #expect(throws: SystemError.self) {
            try AtomicFile.write([1], to: folder.path.appending("root/a/b/x"))
        }
        #expect(error?.errno == .readOnlyFileSystem)
        try Mount.unmount(folder.path.appending("root/a/b"))
    }

    @Test("a failure says what, where and why")
    func failure() throws {
        let folder = try TemporaryFolder()
        let target = folder.path
        let error = #expect(throws: SystemError.self) {
            try Mount.attach(source: "/dev/nosuch", target: target, filesystem: "ext4", options: ["ro"])
        }
        #expect(error?.subject == "/dev/nosuch on \(target)")
        #expect(error?.description.contains("exist") == true, "\(String(describing: error))")
        let missing = #expect(throws: SystemError.self) {
            try Mount.attach(source: "none", target: target, filesystem: "nosuchfs")
        }
        #expect(missing?.errno == .operationNotSupportedByDevice, "\(String(describing: missing))")
        #expect(throws: SystemError.self) { try Mount.unmount(target) }
    }

    /// A program that another test starts at this moment has copies of our descriptors until it has begun.
    private static func whenFree<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
        for _ in 0..<200 {
            do { return try body() } catch let error as SystemError where error.errno == .resourceBusy {
                usleep(10_000)
            }
        }
        return try body()
    }

    /// Makes an ext4 filesystem in a file.
    private static func filesystem(in folder: borrowing TemporaryFolder) throws -> FilePath {
        let image = folder.path.appending("image")
        try ChildProcess.run("truncate", ["-s", "8M", image.string]).requireSuccess()
        try ChildProcess.run("mkfs.ext4", ["-q", "-F", image.string]).requireSuccess()
        return image
    }

    @Test("a filesystem in a file is attached, mounted, frozen and given back")
    func loop() throws {
        let folder = try TemporaryFolder()
        let image = try Self.filesystem(in: folder)
        let target = try folder.makeFolder("mnt")
        let loop = try LoopDevice.attach(image, readOnly: false)
        try Mount.attach(source: loop.path.string, target: target, filesystem: "ext4", options: ["nodev"])
        let queue = FilePath("/sys/class/block").appending(loop.path.lastComponent?.string ?? "").appending("queue")
        #expect(try FileBytes.read(queue.appending("logical_block_size"), limit: 16) == Array("512\n".utf8))
        let file = target.appending("block")
        try AtomicFile.write([UInt8](repeating: 1, count: 1024), to: file)
        let block = [UInt8](repeating: 2, count: 1024)
        try SectorFile.write(block, to: file)
        #expect(try SectorFile.read(file) == block)
        try FilesystemFreeze.flush(target)
        try Self.whenFree { try Mount.unmount(target) }
        try loop.detach()
        #expect(throws: SystemError.self) { _ = try LoopDevice.attach("/no/such/image") }
    }

    @Test("a filesystem that is mounted unseen is reached by its path alone, and gone when it is let go")
    func unseen() throws {
        let folder = try TemporaryFolder()
        let image = try Self.filesystem(in: folder)
        let loop = try LoopDevice.attach(image, readOnly: false)
        try UnseenMount(of: loop.path, filesystem: "ext4", readOnly: false).use { root in
            #expect(try !Procfs.mounts().contains { $0.source == loop.path.string })
            try AtomicFile.write([1], to: root.appending("file"))
        }
        let error = #expect(throws: SystemError.self) {
            try Self.whenFree { try UnseenMount(of: loop.path, filesystem: "ext4", readOnly: true) }.use { root in
                #expect(try FileBytes.read(root.appending("file"), limit: 8) == [1])
                try AtomicFile.write([2], to: root.appending("file"))
            }
        }
        #expect(error?.errno == .readOnlyFileSystem)
        try loop.detach()
    }
}
