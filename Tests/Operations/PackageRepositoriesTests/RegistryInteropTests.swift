import Cryptography
import Faults
import Foundation
import HTTPTransfer
import ImageModel
import PackageModel
import RegistryAccess
import RegistryModel
import RepositoryPlanning
import Synchronization
import SystemPackage
import TestServers
import Testing

@testable import PackageRepositories

/// Whether buildah and the others are here, which read what is published.
private let tools = ["skopeo", "umoci", "buildah"].allSatisfy {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
}

@Suite("Repositories in Debian's docker-registry") struct RegistryInteropTests {
    /// A client that gives up at once.
    static func client(
        _ host: String, _ repository: String = "harbour/packages",
        _ change: (inout RegistryConfiguration) -> Void = { _ in }
    ) throws -> RegistryClient {
        var configuration = RegistryConfiguration(authFiles: [])
        change(&configuration)
        guard let registry = RegistryHost(host) else { throw ServerError(host) }
        var client = try RegistryClient(ImageReference(registry: registry, repository: repository), configuration)
        client.retries = RetryPolicy()
        client.retries.attempts = 1
        return client
    }

    @Test(.enabled(if: tools), arguments: FilledRegistry.Program.present)
    func `skopeo, umoci and buildah read a package`(program: FilledRegistry.Program) throws {
        let fixture = try PackageFixture()
        let server = try FilledRegistry(program, repository: "harbour/packages") { path in
            var layout = try LayoutTarget(.init(FilePath(path)))
            try fixture.publish(
                [
                    fixture.package("app/tide", "1:1.0~rc1+b", "high tide\n"),
                    PackageFile.read(
                        layer: nil, metadata: fixture.description("meta", "app/all", "1", "all", ["app/tide"])),
                ], to: &layout)
        }
        var client = try Self.client(server.host)
        #expect(try fixture.whole(in: &client) == ["app/all 1 all", "app/tide 1:1.0~rc1+b amd64"])
        let image = "\(server.host)/harbour/packages"
        let folder = fixture.folder.url.path
        func run(_ script: String) throws -> String { try Tool.run("sh", ["-ec", "cd \(folder); \(script)"]) }
        let tag = "app_stide_v1_c1.0_trc1_pb"
        #expect(
            try run(
                "skopeo inspect --tls-verify=false --format '{{.Labels}} {{.Architecture}}' docker://\(image):\(tag)"
            )
            .contains(#"io.lifeboot.package:{"name":"app/tide","version":"1:1.0~rc1+b""#))
        for tag in [tag, "app_sall_v1"] {
            _ = try run(
                "skopeo copy -q --preserve-digests --src-tls-verify=false docker://\(image):\(tag) oci:copy:\(tag)")
            _ = try run("umoci unpack --rootless --image copy:\(tag) out-\(tag)")
        }
        #expect(try run("cat out-\(tag)/rootfs/usr/share/app-tide") == "high tide\n")
        #expect(try run("ls out-app_sall_v1/rootfs") == "")
        try Data("FROM scratch\nCOPY --from=\(image):\(tag) / /\nCOPY --from=\(image):app_sall_v1 / /\n".utf8).write(
            to: fixture.folder.url.appending(path: "Containerfile"))
        let store = "buildah --storage-driver vfs --root \(folder)/store --runroot \(folder)/run"
        _ = try run(
            """
            \(store) build --isolation chroot --tls-verify=false -q -t copied -f Containerfile . > id
            \(store) push -q copied oci:built:x
            umoci unpack --rootless --image built:x built-out
            """)
        #expect(try run("cat built-out/rootfs/usr/share/app-tide") == "high tide\n")
    }

    @Test func `one new package in a repository costs at most 25 requests`() throws {
        let fixture = try PackageFixture()
        let server = try RegistryServer()
        let proxy = try CountingProxy(to: server.port)
        var client = try Self.client(proxy.host)
        try fixture.publish([fixture.package("app/tide", "1.0")], to: &client)
        try proxy.mend()
        try fixture.publish([fixture.package("app/tide", "1.1")], to: &client, day: 1)
        let requests = try proxy.requests()
        #expect(
            requests.count <= 25, "\(requests.map { "\($0.method) \($0.path.suffix(60))" }.joined(separator: "\n"))")
        #expect(try fixture.whole(in: &client).count == 2)
    }

    @Test(arguments: CountingProxy.Moment.allCases)
    func `a publication whose connection breaks at any request leaves the old or the new`(
        moment: CountingProxy.Moment
    ) throws {
        let fixture = try PackageFixture()
        let server = try RegistryServer()
        let proxy = try CountingProxy(to: server.port)
        let old = try fixture.layout([fixture.package("app/ebb", "1.0")])
        let new = try fixture.layout([fixture.package("app/tide", "1.0")])
        func publish(_ layout: FilePath, _ client: inout RegistryClient) throws {
            _ = try fixture.publisher().publish(try PackageFixture.open(layout), to: &client, key: fixture.key)
        }
        var seen: Set<Int> = []
        for number in 1...100 {
            var direct = try Self.client(server.host, "cut-\(number)")
            try publish(old, &direct)
            var broken = try Self.client(proxy.host, "cut-\(number)")
            try proxy.cut(at: number, moment)
            var isWhole = true
            do { try publish(new, &broken) } catch let error as RegistryError {
                #expect(error.kind == .unreachable, "\(error)")
                isWhole = false
            }
            let packages = try fixture.whole(in: &direct)
            #expect(packages == ["app/ebb 1.0 amd64"] || packages == ["app/ebb 1.0 amd64", "app/tide 1.0 amd64"])
            seen.insert(packages.count)
            try publish(new, &direct)
            #expect(try fixture.whole(in: &direct).count == 2, "after a cut at \(number)")
            if isWhole { break }
        }
        #expect(seen == [1, 2])
    }

    @Test func `two publishers lose nothing in 20 rounds`() throws {
        let fixture = try PackageFixture()
        let server = try RegistryServer()
        var layouts: [[FilePath]] = []
        for name in ["app/ebb", "app/flood"] {
            layouts.append(try (1...20).map { try fixture.layout([fixture.package(name, "1.\($0)")]) })
        }
        let (publisher, pem, host, all) = (fixture.publisher(), try fixture.key.pem(), server.host, layouts)
        let outcomes = Outcomes()
        DispatchQueue.concurrentPerform(iterations: 2) { place in
            outcomes.note(
                Result {
                    var client = try Self.client(host)
                    // A tag that is written at this moment is a failure to Debian's registry.
                    client.retries.attempts = 6
                    client.retries.firstPause = .milliseconds(20)
                    var rounds = 0
                    for layout in all[place] {
                        rounds += try RepositoryPublisherTests.publish(layout, publisher, pem, &client)
                    }
                    return rounds
                })
        }
        _ = try outcomes.values()
        var client = try Self.client(server.host)
        #expect(try fixture.whole(in: &client).count == 40)
    }

    @Test func `a registry with accounts and TLS is published to and read, and a stranger is refused`() throws {
        let fixture = try PackageFixture()
        let server = try RegistryServer(secure: true)
        let account = Base64.encode(Array("\(RegistryServer.user):\(RegistryServer.password)".utf8))
        let file = fixture.path("auth.json")
        try Data(#"{"auths": {"\#(server.host)": {"auth": "\#(account)"}}}"#.utf8).write(to: URL(filePath: file.string))
        var client = try Self.client(server.host) {
            $0.certificateAuthority = server.authority.map { FilePath($0) }
            $0.authFiles = [file]
        }
        try fixture.publish([fixture.package("app/tide", "1.0")], to: &client)
        #expect(try fixture.whole(in: &client) == ["app/tide 1.0 amd64"])
        var stranger = try Self.client(server.host) {
            $0.certificateAuthority = server.authority.map { FilePath($0) }
        }
        let error = #expect(throws: RegistryError.self) { try fixture.whole(in: &stranger) }
        #expect(error?.kind == .denied)
    }

    @Test func `a registry that gives tokens is published to, read and pruned`() throws {
        let fixture = try PackageFixture()
        let server = try RegistryServer()
        let proxy = try CountingProxy(to: server.port, asksForTokens: true)
        var client = try Self.client(proxy.host)
        for number in 1...3 { try fixture.publish([fixture.package("app/tide", "1.\(number)")], to: &client) }
        #expect(try fixture.whole(in: &client).count == 3)
        let opened = try fixture.reader().open(of: PackageFixture.reference, in: &client)
        var pruner = RepositoryPruner(keys: [fixture.trusted])
        pruner.count = 1
        let deleted = try pruner.run(try pruner.plan(opened, in: &client), in: &client)
        #expect(deleted.map(\.tag).contains("index-1"))
        #expect(try proxy.requests().contains { $0.path.hasPrefix("/.token") })
    }

    @Test func `a registry that lets nobody delete says so, and everything stays`() throws {
        let fixture = try PackageFixture()
        let server = try RegistryServer(allowsDeletion: false)
        var client = try Self.client(server.host)
        for number in 1...2 { try fixture.publish([fixture.package("app/tide", "1.\(number)")], to: &client) }
        let opened = try fixture.reader().open(of: PackageFixture.reference, in: &client)
        var pruner = RepositoryPruner(keys: [fixture.trusted])
        pruner.count = 1
        let plan = try pruner.plan(opened, in: &client)
        let error = #expect(throws: RegistryError.self) { try pruner.run(plan, in: &client) }
        #expect(error?.kind == .denied)
        #expect(error?.cause.contains("does not let anybody delete") == true)
        #expect(try fixture.whole(in: &client).count == 2)
    }

    @Test func `a layer that is swapped in the registry is found, and not pulled`() throws {
        let fixture = try PackageFixture()
        let server = try RegistryServer()
        var client = try Self.client(server.host)
        let publication = try fixture.publish([fixture.package("app/tide", "1.0")], to: &client)
        let hex = try #require(publication.added.first?.layer).hex
        let blob = server.data.appending(path: "docker/registry/v2/blobs/sha256/\(hex.prefix(2))/\(hex)/data")
        var bytes = try Data(contentsOf: blob)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: blob)
        let opened = try fixture.reader().open(of: PackageFixture.reference, in: &client)
        #expect(try RepositoryVerifier.findings(opened, in: &client, isDeep: false) == [])
        let findings = try RepositoryVerifier.findings(opened, in: &client, isDeep: true)
        #expect(findings.map(\.package.identity) == ["app/tide 1.0 amd64"])
        var layout = try LayoutTarget(.init(fixture.path("pulled")))
        let error = #expect(throws: RegistryError.self) {
            try PackagePull.pull(opened.packages, of: opened, from: &client, to: &layout)
        }
        #expect(error?.kind == .corrupted)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "\(fixture.path("pulled"))/blobs/sha256").count <= 1)
    }

    @Test func `old indexes go, and what a publication left that was cut; the newest is whole`() throws {
        let fixture = try PackageFixture()
        let server = try RegistryServer()
        let proxy = try CountingProxy(to: server.port)
        var client = try Self.client(server.host)
        for number in 1...4 { try fixture.publish([fixture.package("app/tide", "1.\(number)")], to: &client) }
        var broken = try Self.client(proxy.host)
        try proxy.cut(at: 12, .before)
        _ = try? fixture.publish([fixture.package("app/wreck", "1.0")], to: &broken)
        #expect(try client.tags().contains("app_swreck_v1.0"))
        let opened = try fixture.reader().open(of: PackageFixture.reference, in: &client)
        var pruner = RepositoryPruner(keys: [fixture.trusted])
        pruner.count = 2
        let plan = try pruner.plan(opened, in: &client)
        let tags = Set(plan.deletions.map(\.tag))
        #expect(tags.isSuperset(of: ["app_swreck_v1.0", "index-1", "index-2"]))
        #expect(tags.isDisjoint(with: ["index-3", "index-4", "app_stide_v1.1"]))
        _ = try pruner.run(plan, in: &client)
        let left = try client.tags()
        #expect(left.count { $0.hasSuffix(".sig") } == 2)
        #expect(
            left.filter { !$0.hasSuffix(".sig") } == [
                "app_stide_v1.1", "app_stide_v1.2", "app_stide_v1.3", "app_stide_v1.4", "index", "index-3", "index-4",
            ])
        #expect(try fixture.whole(in: &client).count == 4)
    }
}
