import Archives
import Faults
import JSONText
import LinuxSystem
import ReportPlanning
import SystemPackage
import Testing

@testable import SupportReports

@Suite("A report")
struct ReportOperationTests {
    /// A folder that is gone with the test.
    private final class Folder {
        private let folder: PrivateFolder
        init() throws { folder = try PrivateFolder(in: "/tmp", prefix: "report") }
        var path: FilePath { folder.path }
    }

    private let folder: Folder

    init() throws { folder = try Folder() }

    /// An agent that prints what tests need; it leaves no doubt by a secret in everything.
    private func agent(_ script: String) throws -> FilePath {
        let path = folder.path.appending("agent")
        try AtomicFile.write(Array("#!/bin/sh\n\(script)\n".utf8), to: path, permissions: .init(rawValue: 0o755))
        return path
    }

    private static let status = #"""
        {"format":1,"nextBoot":{"role":"recovery","image":"1111111111111111","reason":"fallback"},
        "boots":[{"cause":"password=hunter2"}],"operations":[],"roles":[],"unusedImages":[],"token":"hunter2"}
        """#

    private func run(
        _ parts: [ReportPart], agent script: String = "exit 3", to output: ReportOutput? = nil
    ) throws -> (manifest: ReportManifest, files: [String: String]) {
        var operation = try ReportOperation(
            parts: parts, time: 1_800_000_000, version: "1", gathering: ReportGathering(agent: try agent(script)))
        let path = folder.path.appending(operation.fileName)
        let manifest = try operation.run(to: try output ?? ReportOutput(path), isCancelled: { false })
        return (manifest, output == nil ? try files(of: path) : [:])
    }

    /// What tar of the system finds in it.
    private func files(of archive: FilePath) throws -> [String: String] {
        let target = folder.path.appending("out")
        try Folders.make(target)
        try ChildProcess.run("tar", ["-xzf", archive.string, "-C", target.string]).requireSuccess()
        let found = try ChildProcess.run("find", [target.string, "-type", "f"]).standardOutput
        var files: [String: String] = [:]
        for line in String(decoding: found, as: UTF8.self).split(separator: "\n") {
            let name = line.dropFirst(target.string.count + 1).split(separator: "/", maxSplits: 1)[1]
            files[String(name)] = String(
                decoding: try FileBytes.read(FilePath(String(line)), limit: 1 << 22), as: UTF8.self)
        }
        return files
    }

    @Test("has its parts, without secrets, and says what is missing; only its owner may read it")
    func whole() throws {
        let parts = [
            ReportPart("status.json", "", .agent(["status", "--json"])),
            ReportPart("history.json", "", .statusMembers(["boots"])),
            ReportPart("next.txt", "", .nextBoot),
            ReportPart("journal/boot-0.txt", "", .program("sh", ["-c", "echo a[1]: psk=hunter2; echo end; exit 1"])),
            ReportPart("none.txt", "", .program("lifeboot-no-such-program", [])),
            ReportPart("gone.txt", "", .file("/run/lifeboot-no-such-file")),
        ]
        let script = """
            case "$1" in
            status) cat <<'END'
            \(Self.status)
            END
            ;;
            plan) echo "$@";;
            esac
            """
        let (manifest, files) = try run(parts, agent: script)
        #expect(!files.values.contains { $0.contains("hunter2") })
        let history = try JSONValue(parsing: Array(try #require(files["history.json"]).utf8))
        #expect(history["boots"]?.elements?.count == 1)
        #expect(files["journal/boot-0.txt"] == "a[1]: psk=[removed]\nend\n")
        #expect(manifest.gaps.map(\.part.name) == ["journal/boot-0.txt", "none.txt", "gone.txt"])
        #expect(files["README.txt"]?.contains("none.txt: ") == true)
        #expect(files["report.json"]?.contains("gone.txt") == true)
        #expect(files["next.txt"]?.contains("--command-line") == true)
        let path = folder.path.appending("lifeboot-report-20270115T080000Z.tar.gz")
        let status = try #require(try FileStatus.of(path))
        #expect(status.permissions.rawValue == 0o600)
        let names = try Folders.names(of: folder.path)
        #expect(!names.contains { $0.hasPrefix(".") })
    }

    @Test("names what the archive has as others read it, also by our own reader")
    func readable() throws {
        var operation = try ReportOperation(
            parts: [ReportPart("a.txt", "", .program("echo", ["b"]))], time: 0, version: "1")
        let path = folder.path.appending("x.tar.gz")
        _ = try operation.run(to: ReportOutput(path), isCancelled: { false })
        let listed = try ChildProcess.run("tar", ["-tzf", path.string]).standardOutput
        let names = String(decoding: listed, as: UTF8.self).split(separator: "\n")
        let top = "lifeboot-report-19700101T000000Z"
        #expect(names == ["\(top)/a.txt", "\(top)/report.json", "\(top)/README.txt"])
    }

    @Test("goes on when a part hangs, prints without end, or is no document")
    func bounded() throws {
        let parts = [
            ReportPart("hangs.txt", "", .program("sleep", ["60"]), time: .seconds(1)),
            ReportPart("flood.txt", "", .program("head", ["-c", "300000", "/dev/zero"]), limit: 1_000),
            ReportPart("flood.json", "", .program("head", ["-c", "300000", "/dev/zero"]), limit: 1_000),
            ReportPart("broken.json", "", .program("echo", ["{ token: hunter2"])),
            ReportPart("history.json", "", .statusMembers(["boots"])), ReportPart("next.txt", "", .nextBoot),
            ReportPart("names.txt", "", .names(below: ["/etc/dpkg", "/no-such-folder"])),
        ]
        let start = MonotonicClock.now()
        let (manifest, files) = try run(parts)
        #expect(MonotonicClock.now() - start < .seconds(30))
        #expect(files["flood.txt"]?.utf8.count == 1_000)
        #expect(files["broken.json"] == "{ token: [removed]\n")
        #expect(files["names.txt"]?.contains("/etc/dpkg/") == true)
        #expect(
            manifest.gaps.map(\.part.name)
                == ["hangs.txt", "flood.txt", "flood.json", "broken.json", "history.json", "next.txt"])
        #expect(manifest.gaps[0].gap?.contains("not finished after") == true)
    }

    @Test("on a full disk is an error with its reason, and leaves what was there", .enabled(if: ThisProcess.isRoot))
    func fullDisk() throws {
        let output = ReportOutput(stream: try FileDescriptor.open("/dev/full", .writeOnly))
        let error = #expect(throws: SystemError.self) {
            _ = try self.run([ReportPart("a.txt", "", .program("echo", ["b"]))], to: output)
        }
        #expect(error.map { RefusalKind($0) } == .space)
        #expect(error?.errno == .noSpace)
    }

    @Test("that is cancelled leaves no file, and never takes the place of something else than a file")
    func refused() throws {
        let path = folder.path.appending("report.tar.gz")
        var operation = try ReportOperation(parts: [ReportPart("a", "", .file("/proc/version"))], version: "1")
        let error = #expect(throws: Refusal.self) {
            _ = try operation.run(to: ReportOutput(path), isCancelled: { true })
        }
        #expect(error?.kind == .cancelled)
        let names = try Folders.names(of: folder.path)
        #expect(names.isEmpty)
        #expect(throws: SystemError.self) { _ = try ReportOutput("/dev/null") }
        #expect(throws: SystemError.self) { _ = try ReportOutput(folder.path.appending("none/x")) }
    }
}
