import Foundation
import HTTPTransfer
import LinuxSystem
import OEMExecution
import Plans
import SystemPackage
import TestServers
import Testing

@Suite("What a stage fetches", .enabled(if: ThisProcess.isRoot))
struct StageNetworkTests {
    /// A file of configuration with one step of one stage.
    private static func root(
        _ step: String, stage: String = "network", _ files: [String: String] = [:]
    ) throws
        -> FixtureRoot
    {
        try FixtureRoot(files.merging(["/oem/1.yaml": "stages:\n  \(stage):\n    - \(step)\n"]) { $1 })
    }

    /// Runs the stage with pauses that no test waits for.
    private static func run(
        _ root: FixtureRoot, stage: String = "network", authority: String? = nil,
        _ change: (inout StageNetwork) -> Void = { _ in }
    ) throws -> StageReport {
        try root.run(stage) { effects in
            effects.network.fetch.retries.firstPause = .milliseconds(10)
            effects.network.fetch.settings.authorityFile = authority.map { FilePath($0) }
            change(&effects.network)
        }
    }

    private static func download(_ server: ScriptedServer, _ path: String = "/f", _ rest: String = "") -> String {
        "downloads: [{url: 'http://127.0.0.1:\(server.port)\(path)', path: /srv/f\(rest)}]"
    }

    private static func changes(_ report: StageReport) -> [Bool?] { report.steps.flatMap(\.actions).map(\.isChanged) }

    @Test("is written with mode and owner, and left as it is when it is the same")
    func downloads() throws {
        let server = try ScriptedServer([.init("/f") { $0.body = "fetched" }])
        let root = try Self.root(Self.download(server, "/f", ", permissions: 0640, owner: 5, group: 6"))
        #expect(try Self.changes(Self.run(root)) == [true])
        #expect(try root.text("/srv/f") == "fetched" && root.mode("/srv/f") == "640")
        let path = FilePath("\(root.path)/srv/f")
        #expect(try FileStatus.of(path)?.owner == Ownership(user: 5, group: 6))
        let report = try Self.run(root)
        #expect(Self.changes(report) == [false] && report.problems.isEmpty)
        #expect(report.steps[0].actions[0].report.message?.contains("without TLS") == true)
        try root.write("fetchet", to: "/srv/f")
        #expect(try Self.changes(Self.run(root)) == [true])
        #expect(try root.text("/srv/f") == "fetched")
    }

    @Test(
        "leaves the old file and nothing beside it when it cannot be had whole",
        arguments: ["/cut", "/none", "/huge", "/announced", "/away"])
    func failures(path: String) throws {
        let server = try ScriptedServer([
            .init("/cut") {
                $0.body = "0123456789"; $0.cutAfter = 4
            }, .init("/huge") { $0.endless = true },
            .init("/announced") {
                $0.endless = true; $0.headers = ["Content-Length": "9000000000000000"]
            },
            .init("/away") {
                $0.status = 302; $0.headers = ["Location": "file:///etc/passwd"]
            },
        ])
        let root = try Self.root(Self.download(server, path), ["/srv/f": "old"])
        let report = try Self.run(root) {
            $0.fetch.retries.attempts = 2
            if path != "/announced" { $0.largestFile = 1 << 20 } else { $0.largestFile = .max }
        }
        #expect(report.problems.count == 1)
        if path == "/announced" { #expect(report.problems[0].contains("9000000000000000 bytes are needed")) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(root.path)/srv") == ["f"])
        #expect(try root.text("/srv/f") == "old")
    }

    @Test("takes no longer than the directive says")
    func timeout() throws {
        let server = try ScriptedServer([.init("/f") { $0.delay = 30 }])
        let root = try Self.root(Self.download(server, "/f", ", timeout: 1"))
        let start = MonotonicClock.now()
        #expect(try Self.run(root).problems.count == 1)
        #expect(MonotonicClock.now() - start < .seconds(6))
    }

    @Test("replaces a link under its name, and takes the address's last name in a folder")
    func places() throws {
        let server = try ScriptedServer([.init("/f*") { $0.body = "new" }])
        let root = try Self.root(
            "downloads: [{url: 'http://127.0.0.1:\(server.port)/f?a=b', path: /srv/}]", ["/etc/target": "old"])
        try FileManager.default.createDirectory(atPath: "\(root.path)/srv", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(root.path)/srv/f", withDestinationPath: "../etc/target")
        #expect(try Self.run(root).problems == [])
        #expect(try root.text("/srv/f") == "new" && root.text("/etc/target") == "old")
    }

    @Test("is asked for only where the server's certificate is good")
    func trust() throws {
        let certificates = try Certificates()
        let server = try ScriptedServer(
            [.init("/f") { $0.body = "safe" }], certificate: certificates.certificate, key: certificates.key)
        let root = try Self.root("downloads: [{url: 'https://127.0.0.1:\(server.port)/f', path: /srv/f}]")
        let problems = try Self.run(root).problems
        #expect(problems.count == 1 && problems[0].hasSuffix("with 'ca_certs'."))
        let report = try Self.run(root, authority: certificates.authority)
        #expect(report.problems == [] && report.steps[0].actions[0].report.message == nil)
        #expect(try root.text("/srv/f") == "safe")
    }

    @Test(
        "needs a stage with the network",
        arguments: [
            "downloads: [{url: 'https://h/x?secret', path: /srv/f}]",
            "authorized_keys: {root: [github:x]}",
        ])
    func early(step: String) throws {
        for stage in ["rootfs", "initramfs", "fs", "boot"] {
            let root = try Self.root(step, stage: stage, ["/root/x": ""])
            let problems = try Self.run(root, stage: stage).problems
            #expect(problems.count == 1 && problems[0].contains("Move it to the stage 'network'."))
            #expect(!problems[0].contains("secret"))
        }
    }
}

@Suite("The content of a file that comes from an address", .enabled(if: ThisProcess.isRoot))
struct FileSourceTests {
    private static func run(_ server: ScriptedServer, _ entry: String) throws -> (FixtureRoot, StageReport) {
        let text = """
            #cloud-config
            write_files:
              - {path: /etc/x, source: {uri: 'http://127.0.0.1:\(server.port)/x', headers: {X-Key: "7"}}\(entry)}
            """
        let root = try FixtureRoot(["/oem/1.yaml": text])
        let report = try root.run("network") { $0.network.fetch.retries.firstPause = .milliseconds(10) }
        return (root, report)
    }

    @Test("counts before what is written out, and is asked for with the headers")
    func fetched() throws {
        let server = try ScriptedServer([
            .init("/x") {
                $0.body = "{{ fetched }}"; $0.requires = ["x-key": "7"]
            }
        ])
        let (root, report) = try Self.run(server, ", content: own, permissions: '0600'")
        #expect(report.problems == [])
        #expect(try root.text("/etc/x") == "{{ fetched }}" && root.mode("/etc/x") == "600")
    }

    @Test("gives way to what is written out after three tries, and is an error without it")
    func fallback() throws {
        let server = try ScriptedServer([.init("/x") { $0.status = 503 }])
        let (root, report) = try Self.run(server, ", content: own")
        #expect(report.problems == [])
        #expect(try root.text("/etc/x") == "own")
        #expect(try server.requests().count == 3)
        #expect(report.steps[0].actions[0].report.message?.contains("status 503") == true)
        let (other, failed) = try Self.run(server, "")
        #expect(failed.problems.count == 1)
        #expect(throws: (any Error).self) { try other.text("/etc/x") }
    }
}

@Suite("Keys that others give", .enabled(if: ThisProcess.isRoot))
struct FetchedKeysTests {
    private static let keys = [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMLY8hW0Cg1gzyNpfHF6XZ1JYgEzSFmyYrwCNZtFn7Vm",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDuK5pmtzvsTIJ0tQr8Oi0pEXAdcDEKBr8jQOzXE7mmm",
    ]
    private static let file = "/root/.ssh/authorized_keys"

    /// Runs one step that lets the keys of a server's path in, besides one that is written out.
    private static func run(_ root: FixtureRoot, _ server: ScriptedServer, _ path: String) throws -> StageReport {
        let address = "http://127.0.0.1:\(server.port)\(path)"
        try root.write(
            "stages: {network: [{authorized_keys: {root: ['\(address)', '\(keys[1]) own']}}]}", to: "/oem/1.yaml")
        return try root.run("network") { $0.network.fetch.retries.attempts = 1 }
    }

    @Test("stand in a block that is replaced as a whole, and stay as they were when there is no good answer")
    func blocks() throws {
        let root = try FixtureRoot([Self.file: "# mine\n"])
        let server = try ScriptedServer([
            .init("/k") {
                $0.body = "\(Self.keys[0]) a\n\(Self.keys[1]) b\n"; $0.times = 1
            },
            .init("/k") {
                $0.status = 500; $0.times = 1
            },
            .init("/k") {
                $0.body = "<html>not found</html>"; $0.times = 1
            },
            .init("/k") {
                $0.body = "\(Self.keys[1]) b\n"; $0.times = 1
            },
            .init("/k") { $0.body = "" },
        ])
        let mark = "# keys from http://127.0.0.1:\(server.port)/k"
        let own = "# mine\n\(Self.keys[1]) own\n"
        let both = own + "\(mark): begin\n\(Self.keys[0]) a\n\(Self.keys[1]) b\n\(mark): end\n"
        let expected = [
            (both, 0), (both, 1), (both, 1), (own + "\(mark): begin\n\(Self.keys[1]) b\n\(mark): end\n", 0), (own, 0),
        ]
        for (text, problems) in expected {
            #expect(try Self.run(root, server, "/k").problems.count == problems)
            #expect(try root.text(Self.file) == text)
        }
        #expect(try root.mode(Self.file) == "600")
    }

    @Test("are those of the last good answer where the home does not last, but the persistent partition does")
    func kept() throws {
        let root = try FixtureRoot(["/root/x": "", "/run/lifeboot/persistent/x": ""])
        let server = try ScriptedServer([
            .init("/k") {
                $0.body = Self.keys[0]
                $0.times = 1
            }, .init("/k") { $0.status = 500 },
        ])
        #expect(try Self.run(root, server, "/k").problems == [])
        let text = try root.text(Self.file)
        try FileManager.default.removeItem(atPath: "\(root.path)/root/.ssh")
        let report = try Self.run(root, server, "/k")
        #expect(report.problems.count == 1)
        #expect(try root.text(Self.file).split(separator: "\n").sorted() == text.split(separator: "\n").sorted())
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(root.path)/run/lifeboot/persistent/keys")
        #expect(try names.count == 1 && root.mode("/run/lifeboot/persistent/keys/\(names[0])") == "600")
    }

    @Test("are named without what may be a secret of their address")
    func labels() throws {
        let root = try FixtureRoot(["/root/x": ""])
        let server = try ScriptedServer([.init("/k*") { $0.body = Self.keys[0] }])
        for query in ["a", "b"] { #expect(try Self.run(root, server, "/k?token=\(query)").problems == []) }
        let text = try root.text(Self.file)
        #expect(!text.contains("token"))
        #expect(text.split(separator: "\n").filter { $0.hasSuffix(": begin") }.count == 2)
    }

    @Test("are not asked for an account of an impossible name, and those written out still count")
    func impossible() throws {
        let root = try FixtureRoot([
            "/oem/1.yaml": "stages: {network: [{authorized_keys: {root: ['github:a/b', '\(Self.keys[0])']}}]}",
            "/root/x": "",
        ])
        let problems = try root.run("network").problems
        #expect(problems.count == 1 && problems[0].contains("github:a/b"))
        #expect(try root.text(Self.file) == "\(Self.keys[0])\n")
    }
}
