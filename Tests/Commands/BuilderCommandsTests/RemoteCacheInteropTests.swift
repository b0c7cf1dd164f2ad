import Cryptography
import JSONText
import LinuxSystem
import SystemPackage
import TestServers
import Testing

/// Runs the real program with the real docker-registry.
@Suite("boatyard package build --cache", .enabled(if: ThisProcess.isRoot), .serialized, .timeLimit(.minutes(15)))
struct RemoteCacheInteropTests {
    private static let all: Set<String> = [
        "system/base", "app/low", "app/mid", "app/top", "app/side", "app/file", "app/tools",
    ]

    /// A registry to which the built layer was written.
    private struct Fixture {
        let server = try? RegistryServer()
        let layer: BuiltLayer
        let place: String
        var key: String { layer.folder.appending("builder.pem").string }
        var trust: [String] { ["--cache", place, "--trust", layer.folder.appending("builder.pub").string] }
        var push: [String] { ["--cache", place, "--cache-push", "--key", key] }

        init() throws {
            layer = try BuiltLayer.copy()
            place = "oci://\(try #require(server).host)/cache"
            let signing = try SigningKey()
            try AtomicFile.write(signing.pem(), to: layer.folder.appending("builder.pem"))
            try AtomicFile.write(signing.publicKey().pem(), to: layer.folder.appending("builder.pub"))
        }

        /// A machine that has nothing, and a buildah that fails whoever starts it.
        func machine() throws -> (layer: BuiltLayer, environment: [String: String]) {
            let machine = try BuiltLayer.copy(withCache: false)
            try machine.run("mkdir bin; printf '#!/bin/sh\\nexit 1\\n' >bin/buildah; chmod 755 bin/buildah")
            return (machine, ["PATH": "\(machine.folder)/bin:/usr/sbin:/usr/bin:/sbin:/bin"])
        }
    }

    private static func notes(_ outcome: BuiltLayer.Outcome) -> [String] {
        outcome.lines.filter { $0["event"] == "note" }.compactMap { $0["text"]?.text }
    }

    @Test("starts no container on a machine that has nothing, and builds what has changed there")
    func warm() throws {
        let fixture = try Fixture()
        let written = try fixture.layer.boatyard(["package", "build"] + fixture.push)
        #expect(written.status == 0 && written.packages("written") == Self.all, "\(written.errors)")
        #expect(written.cause("app/low", "written") == "to the cache \(fixture.place)")
        // It is an image, as a published package is.
        let key = try fixture.layer.run(
            "grep -l '\"package\": \"app/top 1.0\"' cache/builds/* | head -n 1 | xargs basename")
        let image = "docker://\(fixture.place.dropFirst("oci://".count)):build-\(key.prefix(32))"
        try fixture.layer.run("skopeo copy -q --src-tls-verify=false \(image) oci:copied:top")
        #expect(try fixture.layer.run("skopeo inspect --config oci:copied:top").contains("app/top"))
        let again = try fixture.layer.boatyard(["package", "build"] + fixture.push)
        #expect(again.status == 0 && again.packages("written") == [] && again.packages("cached") == Self.all)

        let (machine, environment) = try fixture.machine()
        let build = ["package", "build", "-j", "3"] + fixture.trust
        let dry = try machine.boatyard(build + ["--dry-run"], environment: environment)
        #expect(dry.status == 0 && dry.packages("cached") == Self.all, "\(dry.errors)")
        let taken = try machine.boatyard(build, environment: environment)
        #expect(taken.status == 0 && taken.packages("cached") == Self.all, "\(taken.errors)")
        #expect(taken.cause("app/low", "cached") == "from the cache \(fixture.place)" && Self.notes(taken) == [])
        // What joins packages in bases is needed by builds alone.
        let there = try fixture.layer.artefacts().filter { !$0.key.hasPrefix("boatyard/") }
        #expect(try machine.artefacts() == there)
        let explained = try machine.boatyard(["package", "build", "--explain", "--offline"], environment: environment)
        #expect(explained.cause("app/low", "cached").hasSuffix("is from the cache \(fixture.place)"))
        #expect(explained.cause("app/low", "cached").contains("have the key "))

        let other = try BuiltLayer.copy(withCache: false)
        try other.edit("packages/mid/run", "echo run", "echo another run")
        let built = try other.boatyard(build)
        #expect(built.status == 0, "\(built.errors)")
        #expect(built.packages("built") == ["app/mid", "app/top"] && built.packages("cached").count == 5)
        #expect(Self.notes(built).contains("app/mid 1.0 is not in the cache \(fixture.place)"))
        #expect(built.cause("app/low", "cached") == "from the cache \(fixture.place)")
    }

    @Test("says in a note what is wrong with a cache, and ends as the build does")
    func notes() throws {
        let fixture = try Fixture()
        let nobody = "oci://127.0.0.1:\(try LoopbackPort.free())/cache"
        let key = ["--cache-push", "--key", fixture.key]
        let failed = try fixture.layer.boatyard(["package", "build", "--cache", nobody] + key)
        #expect(failed.status == 0 && failed.packages("cached") == Self.all, "\(failed.errors)")
        let notes = Self.notes(failed)
        #expect(failed.lines.last?["event"] == "end" && notes.count == 1)
        #expect(notes.first?.hasPrefix("0 of the packages were written to the cache \(nobody): ") == true)
        let (machine, environment) = try fixture.machine()
        let dry = try machine.boatyard(
            ["package", "build", "--dry-run", "--cache", nobody] + fixture.trust.suffix(2), environment: environment)
        #expect(dry.status == 1 && Self.notes(dry).count == 1, "\(dry.errors)")
        let untrusted = try machine.boatyard(
            ["package", "build", "--dry-run", "--cache", fixture.place], environment: environment)
        #expect(untrusted.status == 1 && Self.notes(untrusted).first?.contains("no key is trusted") == true)
    }

    @Test(
        "refuses to write where there is no key, or no cache",
        arguments: [["--cache", "oci://r.example/c"], ["--key"]])
    func usage(options: [String]) throws {
        let fixture = try Fixture()
        let key = options == ["--key"] ? [fixture.key] : []
        let outcome = try fixture.layer.boatyard(["package", "build", "--cache-push"] + options + key)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains(options == ["--key"] ? "no cache to write to" : "--cache-push needs --key"))
    }

    @Test("reads the caches that the layer names")
    func layer() throws {
        let fixture = try Fixture()
        try fixture.layer.edit("boatyard.yaml", "name: little", "name: little\ncache: oci:../shared")
        let push = try fixture.layer.boatyard(["package", "build", "--cache-push", "--key", fixture.key])
        #expect(push.status == 0 && push.packages("written") == Self.all, "\(push.errors)")
        let (machine, environment) = try fixture.machine()
        try machine.run("cp -a \(fixture.layer.folder)/shared .")
        try machine.edit("boatyard.yaml", "name: little", "name: little\ncache: [oci:../shared]")
        let taken = try machine.boatyard(
            ["package", "build", "--offline"] + fixture.trust.suffix(2), environment: environment)
        #expect(taken.status == 0 && taken.packages("cached") == Self.all, "\(taken.errors)")
    }
}
