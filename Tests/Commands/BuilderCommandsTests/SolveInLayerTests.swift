import ArgumentParser
import Foundation
import JSONText
import LinuxSystem
import SystemPackage
import TestServers
import Testing

@testable import BuilderCommands
@testable import CommandOutput

/// A layer over a signed repository, asked as a developer asks it before publishing.
@Suite("boatyard solve in a layer")
struct SolveInLayerTests {
    /// A layer with an unpublished `app/tide 2.0`, whose own repository has `app/tide` 1.0 and 3.0.
    private static func prepare(_ folder: TestFolder) throws {
        let script = """
            cd \(folder.url.path); mkdir -p old below layer/packages/tide
            echo '{"name":"app/tide","version":"1.0","architecture":"all"}' > old/one.json
            echo '{"name":"app/tide","version":"3.0","architecture":"all"}' > old/three.json
            echo '{"name":"system/base","version":"12.1","architecture":"all"}' > below/base.json
            openssl ecparam -name prime256v1 -genkey -noout -out key.pem
            openssl ec -in key.pem -pubout -out layer/below.pub 2>&-
            printf 'format: 1\\nname: top\\nrepository: oci:../own\\nlayers:\\n' > layer/boatyard.yaml
            echo '  - {name: below, repository: "oci:../foundation", key: below.pub}' >> layer/boatyard.yaml
            printf 'format: 1\\nname: app/tide\\nversion: 2.0\\nrequires: [system/base >= 12]\\n' \\
                > layer/packages/tide/package.yaml
            """
        _ = try Tool.run("sh", ["-ec", script])
        for (packages, name) in [("old", "own"), ("below", "foundation")] {
            let path = folder.path("\(name).source")
            let made = try RepositoryCommandTests.run(["create", folder.path(packages), "--name", name, "-o", path])
            try #require(made.status == 0, "\(made.remarks)")
            let words = ["publish", path, "oci:\(folder.path(name))", "--key", folder.path("key.pem")]
            let published = try RepositoryCommandTests.run(words + ["--memory", folder.path("memory.json")])
            try #require(published.status == 0, "\(published.remarks)")
        }
    }

    /// What a command line prints and ends with.
    private static func run(_ arguments: [String], _ folder: TestFolder) throws -> (text: String, status: Int32) {
        let words =
            ["solve"] + arguments + [
                "--memory", folder.path("memory.json"), "--cache-dir", folder.path("cache"),
            ]
        var text = ""
        let streams = OutputStreams(result: { (line) throws(Errno) in text += line }, remark: { text += $0 })
        let command = try #require(try BoatyardCommand.parseAsRoot(words) as? SolveCommand)
        do {
            try command.run(Output("boatyard", command.json ? .json : .lines, to: streams))
            return (text, 0)
        } catch { return (text, BoatyardCommand.exitCode(for: error).rawValue) }
    }

    @Test("takes the layer's own package before a later one of its repository, and what it needs from below")
    func own() throws {
        let folder = try TestFolder()
        try Self.prepare(folder)
        let layer = ["--layer", folder.path("layer"), "--key", folder.path("layer/below.pub")]
        let list =
            "system/base  12.1  all    foundation\napp/tide     2.0   amd64  top (not published)\n2 packages, 0 bytes to fetch\n"
        let found = try Self.run(["app/tide"] + layer, folder)
        #expect(found.text.replacing("arm64", with: "amd64") == list && found.status == 0, "\(found.text)")
        #expect(try Self.run(["app/tide >= 3"] + layer, folder).text.contains("app/tide  3.0  all  own\n"))
        // Nobody says whose signature counts for the layer's own repository.
        let unread = try Self.run(["app/tide >= 3"] + layer.prefix(2), folder)
        #expect(unread.status == 1, "\(unread.text)")
        #expect(unread.text.contains("boatyard.yaml:3:13: oci:../own is not read: --key says whose signature counts"))
        #expect(unread.text.contains("there is no app/tide >= 3 but app/tide 2.0"))
    }

    @Test("without a request says what the layer's files ask of others, each with its line")
    func files() throws {
        let folder = try TestFolder()
        try Self.prepare(folder)
        let layer = ["--layer", folder.path("layer"), "--key", folder.path("layer/below.pub")]
        #expect(try Self.run(layer, folder).text.hasPrefix("system/base  12.1  all  foundation\n1 package,"))
        let why = try Self.run(["--why", "system/base"] + layer, folder)
        #expect(why.text == "system/base 12.1 is asked for by packages/tide/package.yaml:4:12.\n")
        let file = URL(filePath: folder.path("layer/packages/tide/package.yaml"))
        let text = try String(contentsOf: file, encoding: .utf8).replacing(">= 12", with: ">= 13")
        try Data(text.utf8).write(to: file)
        let refused = try Self.run(layer, folder)
        let expected =
            "error: there is no system/base >= 13 but system/base 12.1; system/base >= 13 is asked for by "
            + "packages/tide/package.yaml:4:12. Ask for a version that is there.\n"
        #expect(refused.text == expected && refused.status == 1)
        let asked = try Self.run(["app/tide = 2.0"] + layer, folder)
        let place =
            "system/base >= 13 is needed by app/tide 2.0 (packages/tide/package.yaml:4:12), which is asked for by the"
        #expect(asked.text.contains(place) && asked.status == 1, "\(asked.text)")
    }

    @Test("reads repositories that are named, with the trust of every reader")
    func named() throws {
        let folder = try TestFolder()
        try Self.prepare(folder)
        let own = ["--repository", "oci:\(folder.path("own"))"]
        let key = ["--key", folder.path("layer/below.pub")]
        let below = ["--repository", folder.path("foundation")]
        let found = try Self.run(["app/tide", "system/base", "--json"] + own + below + key, folder)
        let packages = try JSONValue(parsing: Array(found.text.utf8))["packages"]?.elements
        #expect(packages?.map { $0["repository"]?.text } == ["own", "foundation"])
        #expect(try Self.run(["app/tide"] + own + ["--unsigned"], folder).status == 0)
        _ = try Tool.run(
            "sh",
            [
                "-ec",
                "openssl ecparam -name prime256v1 -genkey -noout | openssl ec -pubout > \(folder.path("other.pub")) 2>&-",
            ])
        let untrusted = try Self.run(["app/tide"] + own + ["--key", folder.path("other.pub")], folder)
        #expect(untrusted.status != 0 && untrusted.status != 1, "\(untrusted.text)")
        #expect(throws: (any Error).self) { try BoatyardCommand.parseAsRoot(["solve", "app/tide"] + own) }
    }
}
