import ArgumentParser
import Foundation
import ImageModel
import JSONText
import PackageModel
import SystemPackage
import TestServers
import Testing

@testable import BuilderCommands

/// Runs the verbs of repositories as people type them, with a registry of its own.
@Suite("boatyard repository") struct RepositoryCommandTests {
    @Test(arguments: [
        ["create", "-o", "x", "d"], ["create", "--name", "a b", "-o", "x", "d"], ["create", "--name", "a"],
        ["create", "--name", "a", "-o", "x", "--package", "p"], ["publish", "x", "oci://r.example/p"],
        ["publish", "x", "oci://r.example/p", "--key", "k", "--days", "0"], ["list", "oci://r.example/p"],
        ["list", "oci://r.example/p", "--key", "k", "--unsigned"],
        ["pull", "oci://r.example/p", "--key", "k", "-o", "x"],
        ["pull", "oci://r.example/p", "--key", "k", "-o", "x", "--all", "a/b"],
        ["pull", "oci://r.example/p", "--key", "k", "-o", "x", "--all", "--with-required"],
        ["remove", "oci://r.example/p", "--key", "k"], ["remove", "oci://r.example/p", "a/b"],
        ["search", "oci://r.example/p", "--key", "k"],
        ["prune", "oci://r.example/p", "--key", "k", "--keep-snapshots", "0"],
        ["prune", "oci://r.example/p", "--key", "k", "--snapshot", "3"],
        ["info", "oci://r.example/p", "--snapshot", "0"],
    ])
    func `what cannot be meant is a usage error`(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try BoatyardCommand.parseAsRoot(["repository"] + arguments) }
        #expect(error.map { BoatyardCommand.exitCode(for: $0) } == .validationFailure)
    }

    static let commands: [any ParsableCommand.Type] = [
        RepositoryCreateCommand.self, RepositoryPublishCommand.self, RepositoryRemoveCommand.self,
        RepositoryPullCommand.self,
        RepositoryListCommand.self, RepositorySearchCommand.self, RepositoryInfoCommand.self,
        RepositoryVerifyCommand.self, RepositorySnapshotCommand.self, RepositoryPruneCommand.self,
    ]

    @Test(arguments: commands) func `help says what a verb does and how it ends`(command: any ParsableCommand.Type) {
        let text = BoatyardCommand.helpMessage(for: command, columns: 80)
        #expect(
            text.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains("Exit statuses: man boatyard"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE") })
    }

    /// What a command line prints on standard output, and how it ends.
    static func run(_ arguments: [String]) throws -> (lines: [String], status: Int32, remarks: String) {
        try Printed.run(["repository"] + arguments)
    }

    /// The last line, as JSON.
    static func end(_ arguments: [String]) throws -> JSONValue {
        let (lines, status, remarks) = try run(arguments + ["--json"])
        #expect(status == 0, "\(remarks)")
        let text = arguments.first == "list" || arguments.first == "info" ? lines.joined() : lines.last ?? ""
        return try JSONValue(parsing: Array(text.utf8))
    }

    static func prepare(_ folder: TestFolder) throws {
        let script = """
            cd \(folder.url.path); mkdir -p packages tree/usr; echo tide > tree/usr/tide
            tar -C tree --owner=0 --group=0 --mtime=@0 -czf packages/tide.tar.gz usr
            echo '{"name":"app/tide","version":"1.0","architecture":"amd64","description":"Tells the tide"}' > packages/tide.json
            echo '{"name":"app/all","version":"1","architecture":"all","requires":["app/tide"],"hidden":true}' > packages/all.json
            openssl ecparam -name prime256v1 -genkey -noout -out key.pem; openssl ec -in key.pem -pubout -out key.pub 2>&-
            """
        _ = try Tool.run("sh", ["-ec", script])
    }

    @Test func `packages go from files to a registry, and from there to another machine`() throws {
        let folder = try TestFolder()
        try Self.prepare(folder)
        let server = try RegistryServer()
        let path = { (name: String) in folder.path(name) }
        let memory = ["--memory", path("memory.json")]
        let (place, key) = ("oci://\(server.host)/harbour/packages", ["--key", path("key.pub")] + memory)
        let create = ["create", path("packages"), "--name", "harbour", "-o", path("layout")]
        let publish = ["publish", path("layout"), place, "--key", path("key.pem")] + memory

        #expect(try Self.run(create + ["--dry-run"]).lines == ["app/all 1 all", "app/tide 1.0 amd64"])
        #expect(!FileManager.default.fileExists(atPath: path("layout")))
        #expect(try Self.end(create)["packages"]?.elements?.count == 2)
        #expect(try Self.run(publish + ["--dry-run"]).lines.last == "revision 1, 2 packages")
        #expect(try Self.run(["list", place] + key).status == 2)
        let published = try Self.end(publish)
        #expect(published["revision"] == 1 && published["changed"] == true)
        #expect(published["added"] == ["app/all 1 all", "app/tide 1.0 amd64"])

        #expect(try Self.run(["list", place] + key).lines.map { $0.prefix(8) } == ["app/tide"])
        #expect(try Self.end(["list", place, "--hidden"] + key)["packages"]?.elements?.count == 2)
        #expect(try Self.run(["search", place, "TIDE"] + key).status == 0)
        #expect(try Self.run(["search", place, "nothing"] + key).status == 1)
        let info = try Self.end(["info", place, "app/tide >= 1"] + key)
        #expect(info["packages"]?.elements?.first?["description"] == "Tells the tide")
        #expect(info["count"] == 2)
        #expect(try Self.run(["info", place, "app/tide > 1.0"] + key).status == 2)
        #expect(try Self.run(["verify", place, "--deep"] + key).lines == ["revision 1, 2 packages: ok"])

        let pull = ["pull", place, "app/tide", "-o", path("pulled")] + key
        #expect(try Self.run(pull + ["--dry-run"]).lines == ["app/tide 1.0 amd64"])
        #expect(try Self.end(pull)["packages"] == ["app/tide 1.0 amd64"])
        #expect(try Self.run(["verify", "oci:\(path("pulled"))"] + key).status == 1)
        let whole = ["pull", place, "app/all", "--with-required", "--architecture", "amd64", "-o", path("whole")] + key
        #expect(try Self.run(whole + ["--dry-run"]).lines == ["app/tide 1.0 amd64", "app/all 1 all"])
        #expect(!FileManager.default.fileExists(atPath: path("whole")))
        #expect(try Self.end(whole)["packages"] == ["app/tide 1.0 amd64", "app/all 1 all"])
        #expect(
            try Self.run(["verify", "oci:\(path("whole"))", "--deep"] + key).lines == ["revision 1, 2 packages: ok"])
        let (_, refused, remarks) = try Self.run(whole.map { $0 == "amd64" ? "arm64" : $0 })
        #expect(refused == 2 && remarks.contains("app/tide is there for amd64 but not for arm64"), "\(remarks)")
        #expect(try Self.run(["list", path("pulled")] + key).lines.count == 1)
        #expect(try Self.run(["list", path("layout"), "--unsigned"]).lines.count == 1)
        #expect(try Self.run(["list", path("layout")] + key).status == 2)

        let remove = ["remove", place, "app/tide=1.0", "--key", path("key.pem")] + memory
        let (_, needed, said) = try Self.run(remove)
        #expect(needed == 2 && said.contains("app/all 1 all requires app/tide, and nothing else"), "\(said)")
        #expect(try Self.run(remove + ["app/all", "--dry-run"]).lines.last == "revision 2, 0 packages")
        #expect(try Self.run(["list", place, "--hidden"] + key).lines.count == 2)

        _ = try Self.end(publish)
        #expect(
            try Self.run(["snapshot", place, "--snapshot", "1"] + key).lines.first?.hasPrefix("1 \(place)@sha256:")
                == true)
        #expect(try Self.end(["snapshot", place] + key)["revisions"] == [1, 2])
        let prune = ["prune", place, "--keep-snapshots", "1"] + key
        #expect(try Self.run(prune + ["--keep", "1", "--dry-run"]).lines == [])
        #expect(try Self.run(prune + ["--dry-run"]).lines.count == 2)
        #expect(try Self.end(prune)["deleted"]?.elements?.count == 2)
        #expect(try Self.run(["verify", place] + key).lines == ["revision 2, 2 packages: ok"])
        #expect(try Self.end(remove + ["app/all"])["removed"] == ["app/all 1 all", "app/tide 1.0 amd64"])
        #expect(try Self.run(["verify", place] + key).lines == ["revision 3, 0 packages: ok"])
        #expect(try Self.run(remove).status == 2)
    }

    @Test(arguments: ["oci://r.example/p:tag", "oci:x:name", "oci-archive:x", "rpi"])
    func `what is no repository is said, with what it was taken for`(text: String) throws {
        let folder = try TestFolder()
        try Self.prepare(folder)
        let (_, status, remarks) = try Self.run(["list", text, "--key", folder.path("key.pub")])
        #expect(status == 2)
        #expect(remarks.contains("taken for"))
    }
}
