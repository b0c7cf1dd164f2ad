import BuildPlanning
import Cryptography
import Foundation
import ImageModel
import LinuxSystem
import PackageModel
import PackageRepositories
import PackageSpecs
import RegistryAccess
import RegistryModel
import Synchronization
import SystemPackage
import TestServers
import Testing

@testable import PackageBuilding

@Suite("Caches of builds in registries", .serialized)
struct RemoteCachesTests {
    /// A registry with what somebody has built and written to it.
    private struct Fixture {
        let server: RegistryServer
        let proxy: CountingProxy
        let pem: [UInt8]
        let packages: [PackageSpec]

        init(_ packages: [PackageSpec]? = nil) throws {
            server = try RegistryServer()
            proxy = try CountingProxy(to: server.port)
            pem = try SigningKey().pem()
            self.packages = try packages ?? BuilderFixture.layer()
        }

        var place: RepositoryPlace { get throws { try RepositoryPlace(typed: "oci://\(proxy.host)/cache") } }
        /// Past the proxy, so that nothing is counted.
        var direct: RepositoryPlace { get throws { try RepositoryPlace(typed: "oci://\(server.host)/cache") } }
        var trusted: [TrustedKey] {
            get throws { [TrustedKey(name: "a.pub", key: try SigningKey(pem: pem).publicKey())] }
        }

        func caches(
            _ places: [RepositoryPlace]? = nil, keys: [TrustedKey]? = nil, isOffline: Bool = false
        ) throws -> RemoteCaches {
            RemoteCaches(
                try places ?? [place], RegistryConfiguration(authFiles: []), keys: try keys ?? trusted,
                isOffline: isOffline, patience: .seconds(2))
        }

        func target() throws -> AnyTarget { try direct.open(RegistryConfiguration(authFiles: [])) }

        /// Builds in a new cache and writes all of it.
        func write() throws -> BuildSummary {
            var summary = BuildSummary()
            try BuilderFixture.withCache { cache in
                (summary, _) = try BuilderFixture.build(packages, BuilderFixture.FakeMaker(cache))
                let outcome = try push(summary, cache, to: caches([direct]))
                #expect(outcome.note == nil && outcome.written.count == packages.count)
            }
            return summary
        }

        func push(
            _ summary: BuildSummary, _ cache: BuildCache, to caches: RemoteCaches
        ) throws -> RemoteCachePush.Outcome {
            try RemoteCachePush(packages, summary, from: cache).push(to: caches, signedWith: SigningKey(pem: pem))
        }

        /// Builds with caches on a machine that has nothing.
        func build(
            _ caches: RemoteCaches, change: (inout PackageBuilder<BuilderFixture.FakeMaker>) -> Void = { _ in }
        ) throws -> Built {
            var built: Built?
            try BuilderFixture.withCache { cache in
                let maker = BuilderFixture.FakeMaker(cache)
                let (summary, events) = try BuilderFixture.build(packages, maker) {
                    $0.remote = caches
                    change(&$0)
                }
                let layers = summary.outputs.values.compactMap(\.layer)
                built = Built(
                    summary: summary, events: events, made: maker.made.withLock { $0 },
                    present: try layers.filter { try cache.has($0) }.count, known: try cache.builds().count)
            }
            return try #require(built)
        }
    }

    private struct Built {
        var summary: BuildSummary
        var events: [String]
        var made: [String]
        /// How many layers are in the machine's cache.
        var present: Int
        /// How many builds that cache knows.
        var known: Int

        var notes: [String] { events.filter { $0.hasPrefix("note ") } }
    }

    @Test("give a machine that has nothing all that was built elsewhere, split off parts as well, and only once")
    func hit() throws {
        var packages = try BuilderFixture.layer()
        packages[3].splits = [
            SplitSpec(try PackageName(parsing: "a/part"), place: packages[3].place, include: ["/x"])
        ]
        let fixture = try Fixture(packages)
        let summary = try fixture.write()
        try BuilderFixture.withCache { cache in
            let maker = BuilderFixture.FakeMaker(cache)
            try fixture.proxy.mend()
            let caches = try fixture.caches()
            let (taken, events) = try BuilderFixture.build(packages, maker) { ($0.remote, $0.jobs) = (caches, 3) }
            #expect(maker.made.withLock { $0 } == [] && taken.built == [] && taken.cached.count == 4)
            #expect(taken.outputs == summary.outputs && taken.outputs["a/part 1"] != nil)
            #expect(events.contains("cached a/low 1 from oci://\(fixture.proxy.host)/cache"))
            // For each package its manifest, and each layer once.
            let layers = Set(summary.outputs.values.compactMap(\.layer)).count
            #expect(try fixture.proxy.requests().count == 4 + layers)
            try fixture.proxy.mend()
            let (again, later) = try BuilderFixture.build(packages, maker) { $0.remote = caches }
            #expect(try again.cached.count == 4 && fixture.proxy.requests() == [])
            #expect(later.contains("cached a/low 1 from oci://\(fixture.proxy.host)/cache"))
            // Who signs vouches for what was built here.
            let other = try RepositoryPlace(typed: "oci://\(fixture.server.host)/other")
            #expect(try fixture.push(again, cache, to: fixture.caches([other])).written == [])
        }
    }

    @Test("that do not have it, that nobody answers for, or that nobody vouches for are a note, and it is built")
    func miss() throws {
        let fixture = try Fixture()
        let built = try fixture.build(fixture.caches())
        #expect(built.made.count == 4 && built.notes.count == 4)
        #expect(built.notes.contains("note a/low 1 is not in the cache oci://\(fixture.proxy.host)/cache"))
        let nobody = try RepositoryPlace(typed: "oci://127.0.0.1:\(LoopbackPort.free())/cache")
        let unreachable = try fixture.build(fixture.caches([nobody])) { $0.jobs = 3 }
        #expect(unreachable.made.count == 4 && unreachable.notes.count == 1)
        #expect(unreachable.notes.first?.hasPrefix("note the cache \(nobody) is not asked any more: ") == true)
        try fixture.proxy.mend()
        let untrusted = try fixture.build(fixture.caches(keys: []))
        #expect(try untrusted.made.count == 4 && untrusted.notes.count == 1 && fixture.proxy.requests() == [])
        let offline = try fixture.build(fixture.caches(isOffline: true))
        #expect(try offline.made.count == 4 && offline.notes == [] && fixture.proxy.requests() == [])
    }

    @Test("that answer too slowly are not waited for")
    func slow() throws {
        let fixture = try Fixture()
        let server = try ScriptedServer([ScriptedServer.Rule("*") { $0.delay = 30 }])
        let place = try RepositoryPlace(typed: "oci://127.0.0.1:\(server.port)/cache")
        let start = ContinuousClock.now
        let built = try fixture.build(fixture.caches([place]))
        #expect(built.made.count == 4 && built.notes.count == 1)
        #expect(built.notes.first?.contains("did not answer in time") == true)
        #expect(ContinuousClock.now - start < .seconds(15))
    }

    @Test("are asked in their order, and each thing that is wrong with one leaves the next")
    func order() throws {
        let fixture = try Fixture()
        _ = try fixture.write()
        let nobody = try RepositoryPlace(typed: "oci://127.0.0.1:\(LoopbackPort.free())/cache")
        let empty = try RepositoryPlace(typed: "oci://\(fixture.server.host)/empty")
        let built = try fixture.build(fixture.caches([nobody, empty, fixture.place]))
        #expect(built.made == [] && built.notes.count == 1 && built.present == 4)
        #expect(built.events.contains("cached a/top 1 from oci://\(fixture.proxy.host)/cache"))
    }

    @Test("are only looked at when nothing is to be done, and not further than needed before a build")
    func dry() throws {
        let fixture = try Fixture()
        let before = try fixture.build(fixture.caches()) { ($0.isDry, $0.looking) = (true, .untilDue) }
        #expect(before.summary.due.count == 2 && before.notes.count == 1)
        _ = try fixture.write()
        let looked = try fixture.build(fixture.caches()) { $0.isDry = true }
        #expect(
            looked.summary.cached.count == 4 && looked.summary.due == [] && looked.present == 0 && looked.known == 0)
        let fetched = try fixture.build(fixture.caches()) { ($0.isDry, $0.looking) = (true, .untilDue) }
        #expect(fetched.summary.cached.count == 4 && fetched.present == 4 && fetched.known == 4)
        let wanted = try fixture.build(fixture.caches()) { $0.rebuilt = [fixture.packages[2].name] }
        #expect(wanted.made == ["a/low"])
    }

    /// a/other in the container of a/tools, and that in the container of a/low.
    private static func nested(_ step: String) throws -> [PackageSpec] {
        [
            try BuilderFixture.package("a/low", "one"), try BuilderFixture.package("a/tools", "two", in: "a/low"),
            try BuilderFixture.package("a/other", step, in: "a/tools"),
        ]
    }

    @Test("spare a container that is not kept here, as long as nothing has to be built in it")
    func containers() throws {
        let fixture = try Fixture(Self.nested("three"))
        _ = try fixture.write()
        for isDry in [true, false] {
            let warm = try fixture.build(fixture.caches()) { $0.isDry = isDry }
            #expect(warm.made == [] && warm.summary.cached.count == 3 && warm.notes == [])
        }
        let other = try Fixture(Self.nested("four"))
        let changed = try other.build(
            RemoteCaches(
                [fixture.place], RegistryConfiguration(authFiles: []), keys: fixture.trusted, isOffline: false))
        #expect(changed.made == ["a/low", "a/tools", "a/other"])
        #expect(changed.notes == ["note a/other 1 is not in the cache oci://\(fixture.proxy.host)/cache"])
    }

    /// What somebody without the key does to what a cache has of a package.
    private enum Attack: CaseIterable { case unsigned, otherKey, replayed, altered, otherKind }

    @Test("are not believed when what they have is unsigned, of another key or another tag", arguments: Attack.allCases)
    private func attack(_ attack: Attack) throws {
        let fixture = try Fixture()
        let summary = try fixture.write()
        var target = try fixture.target()
        let (key, other) = (summary.artefactKeys["a/lone 1"] ?? "", summary.artefactKeys["a/low 1"] ?? "")
        var keys = try fixture.trusted
        var document = try #require(try target.manifest(tag: RemoteBuild.tag(of: key)))
        var manifest = try ImageManifest(parsing: document)
        switch attack {
        case .unsigned: manifest.annotations[RemoteBuild.signatureAnnotation] = nil
        case .otherKey: keys = [TrustedKey(name: "b.pub", key: try SigningKey().publicKey())]
        case .replayed:
            document = try #require(try target.manifest(tag: RemoteBuild.tag(of: other)))
            manifest = try ImageManifest(parsing: document)
        case .altered:
            manifest.annotations[RemoteBuild.annotation] = manifest.annotations[RemoteBuild.annotation]?
                .replacingOccurrences(of: "installed\":1", with: "installed\":2")
        case .otherKind: manifest.artifactType = nil
        }
        _ = try target.push(
            manifest: manifest.serialized(), mediaType: document.mediaType, tag: RemoteBuild.tag(of: key))
        let built = try fixture.build(fixture.caches(keys: keys))
        let made = attack == .otherKey ? Set(["a/lone", "a/low", "a/mid", "a/top"]) : ["a/lone"]
        #expect(Set(built.made) == made)
        #expect(built.notes.count { $0.contains("a/lone 1 in the cache") } == 1 && built.notes.count == made.count)
        let word =
            switch attack {
            case .unsigned: "has no signature"
            case .otherKey: "none of the keys b.pub"
            case .replayed: "made with other inputs, of a/low 1"
            case .altered: "none of the keys a.pub"
            case .otherKind: "is no build"
            }
        #expect(built.notes.contains { $0.contains(word) }, "\(built.notes)")
        // Who may write puts it right.
        try BuilderFixture.withCache { cache in
            let (summary, _) = try BuilderFixture.build(fixture.packages, BuilderFixture.FakeMaker(cache))
            let written = try fixture.push(summary, cache, to: fixture.caches([fixture.direct])).written
            #expect(written == (attack == .otherKey ? [] : ["a/lone 1"]))
        }
        #expect(try fixture.build(fixture.caches()).made == [])
    }

    @Test("are believed when cosign signed the manifest")
    func cosign() throws {
        let fixture = try Fixture()
        let summary = try fixture.write()
        var target = try fixture.target()
        let tag = RemoteBuild.tag(of: summary.artefactKeys["a/lone 1"] ?? "")
        let document = try #require(try target.manifest(tag: tag))
        let check = SignatureCheck(keys: try fixture.trusted)
        #expect(
            try check.verdict(for: document, in: &target, acceptsImageSignature: false) == .signed(key: "a.pub"))
        var manifest = try ImageManifest(parsing: document)
        manifest.annotations[RemoteBuild.signatureAnnotation] = nil
        let digest = try target.push(
            manifest: manifest.serialized(), mediaType: document.mediaType, tag: tag)
        try target.signNew(digest, named: "cache", with: SigningKey(pem: fixture.pem))
        #expect(try fixture.build(fixture.caches()).made == [])
    }

    @Test("do not bring other bytes than were signed: a layer that was swapped, or is gone", arguments: [true, false])
    func swapped(isThere: Bool) throws {
        let fixture = try Fixture()
        let summary = try fixture.write()
        let layer = try #require(summary.outputs["a/lone 1"]?.layer)
        let blob = fixture.server.data.appending(
            path: "docker/registry/v2/blobs/sha256/\(layer.hex.prefix(2))/\(layer.hex)/data")
        let size = try Data(contentsOf: blob).count
        if isThere {
            try Data(repeating: 0x58, count: size).write(to: blob)
        } else {
            try FileManager.default.removeItem(at: blob)
        }
        let built = try fixture.build(fixture.caches())
        #expect(built.made == ["a/lone"] && built.notes.count == 1 && built.summary.outputs == summary.outputs)
        #expect(built.notes.first?.contains("a/lone 1 in the cache") == true)
        guard !isThere else { return }
        // Who may write puts what is gone back.
        try BuilderFixture.withCache { cache in
            let (summary, _) = try BuilderFixture.build(fixture.packages, BuilderFixture.FakeMaker(cache))
            #expect(try fixture.push(summary, cache, to: fixture.caches([fixture.direct])).written == ["a/lone 1"])
        }
        #expect(try fixture.build(fixture.caches()).made == [])
    }

    @Test("are written so that a cut at any request leaves a miss or the whole, and the next attempt ends it")
    func cut() throws {
        let fixture = try Fixture([BuilderFixture.layer()[3]])
        try BuilderFixture.withCache { cache in
            let (summary, _) = try BuilderFixture.build(fixture.packages, BuilderFixture.FakeMaker(cache))
            for moment in CountingProxy.Moment.allCases {
                var number = 0
                var isDone = false
                while !isDone {
                    number += 1
                    let name = "cut-\(moment.rawValue)-\(number)"
                    let place = try RepositoryPlace(typed: "oci://\(fixture.proxy.host)/\(name)")
                    let direct = try RepositoryPlace(typed: "oci://\(fixture.server.host)/\(name)")
                    try fixture.proxy.cut(at: number, moment)
                    let outcome = try fixture.push(summary, cache, to: fixture.caches([place]))
                    isDone = outcome.note == nil
                    #expect((outcome.written == ["a/lone 1"]) == isDone)
                    let reader = try fixture.build(fixture.caches([direct]))
                    #expect(reader.summary.outputs == summary.outputs)
                    #expect(!isDone || reader.made == [])
                    #expect(try fixture.push(summary, cache, to: fixture.caches([direct])).note == nil)
                    #expect(try fixture.build(fixture.caches([direct])).made == [])
                }
                #expect(number > 5)
            }
        }
    }

    @Test("are layouts as well, also offline, and those in a registry are not written to then")
    func layouts() throws {
        let fixture = try Fixture()
        let folder = try PrivateFolder(in: "/tmp", prefix: "cache-layout")
        let layout = RepositoryPlace.layout(folder.path.appending("layout"))
        try BuilderFixture.withCache { cache in
            let absent = try fixture.build(fixture.caches([layout]))
            #expect(absent.made.count == 4 && absent.notes.count == 1)
            let (summary, _) = try BuilderFixture.build(fixture.packages, BuilderFixture.FakeMaker(cache))
            #expect(try fixture.push(summary, cache, to: fixture.caches([layout], isOffline: true)).written.count == 4)
            #expect(try fixture.push(summary, cache, to: fixture.caches([layout], isOffline: true)).written == [])
            try fixture.proxy.mend()
            let outcome = try fixture.push(summary, cache, to: fixture.caches(isOffline: true))
            #expect(try outcome.note?.contains("--offline") == true && fixture.proxy.requests() == [])
        }
        #expect(try fixture.build(fixture.caches([layout], isOffline: true)).made == [])
    }
}
