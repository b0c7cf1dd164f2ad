import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Reading whole files", .timeLimit(.minutes(10)))
struct FileBytesTests {
    /// Makes something in the place of a file, by a shell command that gets its path.
    private static func made(_ command: String, _ body: (FilePath) throws -> Void) throws {
        let folder = try TemporaryFolder()
        try ChildProcess.run("sh", ["-ec", command], directory: folder.path).requireSuccess()
        try body(folder.path.appending("it"))
    }

    /// What may lie where a file is expected, each of which would wait for ever, or never end.
    static let places = [
        "mkfifo it", "ln -s /dev/zero it", "ln -s /dev/tty it", "ln -s /dev/ptmx it", "mkdir it", "ln -s it it",
        "ln -s /dev/null it", "mkfifo p; ln -s p it",
    ]

    @Test("what is no regular file is an error at once, not a wait and not an empty file", arguments: places)
    func strangers(command: String) throws {
        try Self.made(command) { path in
            #expect(throws: SystemError.self) { try FileBytes.read(path, limit: 100) }
            #expect(throws: SystemError.self) { try FileBytes.readIfPresent(path, limit: 100) }
            let folder = path.removingLastComponent()
            // Below a root of its own an absolute link leads to what is not there.
            let bytes = try? DirectoryHandle(root: folder).read("it", limit: 100)
            #expect(bytes == .some(nil) || bytes == nil)
        }
    }

    @Test("a pipe that somebody named is read to its end")
    func given() throws {
        try Self.made("mkfifo it; (printf piped >it) >/dev/null 2>&1 &") { path in
            let bytes = try FileBytes.readGiven(path, limit: 100)
            #expect(bytes == Array("piped".utf8))
        }
    }

    @Test("a file is read up to the limit and not beyond it, also by way of the kernel's own files")
    func limits() throws {
        try Self.made("printf 12345 >it") { path in
            let bytes = try FileBytes.readIfPresent(path, limit: 5)
            #expect(bytes?.count == 5)
            #expect(throws: SystemError.self) { try FileBytes.read(path, limit: 4) }
        }
        #expect(try FileBytes.readIfPresent("/nonexistent", limit: 5) == nil)
        #expect(try FileBytes.read("/proc/cmdline", limit: 1 << 16).isEmpty == false)
    }
}
