import Cryptography
import Faults
import Foundation
import ImageModel
import ImageSources
import RegistryAccess
import RegistryModel
import ReleaseModel
import SystemPackage
import TestMachines
import TestServers
import Testing
import TransactionPlanning

@testable import Transactions

@Suite("Polling a channel in docker-registry")
struct ChannelPollTests {
    let scene: UpgradeScene
    private let server: RegistryServer
    private let proxy: CountingProxy
    private let publisher: Publisher

    /// Who signs, kept where a struct that is copied can have it.
    private final class Publisher {
        let key: SigningKey
        init() throws { key = try SigningKey() }
    }

    init() throws {
        scene = try UpgradeScene()
        server = try RegistryServer()
        proxy = try CountingProxy(to: server.port)
        publisher = try Publisher()
        // Nothing is left to remove, or the image would be asked for.
        try FileManager.default.removeItem(
            atPath: scene.path("state/images/.staging-0000000000000000").string)
        // What runs is whole: this machine vouches for it.
        let key = try SigningKey()
        let signature = SignatureFile(signatures: [try key.sign(scene.images[1].bytes)])
        try write(try key.publicKey().pem(), "lifeboot/machine.pem")
        try write(signature.serialized(), "images/\(scene.images[1].id)/\(ImageFile.localSignature)")
    }

    /// Writes a file of the state partition.
    private func write(_ bytes: [UInt8], _ name: String) throws {
        try scene.folder.write(String(decoding: bytes, as: UTF8.self), to: "state/\(name)")
    }

    private func client(_ path: String) throws -> RegistryClient {
        try RegistryClient(
            try ImageReference(parsing: "oci://\(server.host)/\(path)"), RegistryConfiguration(authFiles: []))
    }

    /// Publishes image 2, which is active, and a channel that has it; the machine's clock says 2026-09-21.
    private func publish(
        issued: String = "2026-09-01T00:00:00Z", expires: String = "2026-10-20T00:00:00Z"
    ) throws -> FollowedChannel {
        try scene.images[1].write(scene.path("media"))
        var os = try client("vendor/os:2.0")
        let image = try os.store(try PublishableImage(directory: scene.path("media"))) { _ in }
        try os.tag(image, as: "2.0")
        _ = try os.sign(image, named: "vendor/os", with: publisher.key)
        var release = ChannelRelease(version: "2.0", sequence: 2, digest: image.digest)
        release.reference = "./os"
        let document = ChannelDocument(
            name: "stable", issued: try #require(UTCTime(issued)), expires: try #require(UTCTime(expires)),
            releases: [release])
        var channel = try client("vendor/channel:stable")
        let stored = try channel.storeChannel(document.serialized(), signedWith: publisher.key)
        try channel.tag(stored, as: "stable")
        let reference = try SourceReference(parsing: "oci://\(server.host)/vendor/channel:stable")
        return try ChannelFollowing.read(
            reference, try AnySource(opening: reference, RegistryConfiguration(authFiles: [])), keys: [],
            allowsUnsigned: true)
    }

    /// Asks the channel what there is, as `lifeboot upgrade --check` does, and gives the requests besides.
    private func poll(
        trusting key: PublicKey? = nil, options: UpgradeOptions = UpgradeOptions(), through other: CountingProxy? = nil,
        keepsRecord: Bool = true
    ) throws -> (plan: UpgradePlan, requests: [CountingProxy.Request]) {
        let proxy = other ?? proxy
        var configuration = AgentConfiguration()
        configuration.channel = "oci://\(proxy.host)/vendor/channel:stable"
        var request = UpgradeRequest(access: SourceAccess(agent: AgentVersion(0, 1, 0)))
        request.options = options
        let trusted = try key ?? publisher.key.publicKey()
        let sources = ImageSources(
            configuration: configuration, access: RegistryConfiguration(authFiles: []),
            keys: [TrustedKey(name: "vendor.pem", key: trusted)],
            machine: MachineTraits(architecture: "amd64", agent: request.access.agent))
        var operation = UpgradeOperation(
            request, on: FakeOperationMachine(root: scene.folder.path, faults: scene.faults, store: scene.store),
            from: sources, running: scene.running, machineID: "m")
        try proxy.mend()
        let plan = try operation.prepare(keepsRecord: keepsRecord).plan
        return (plan, try proxy.requests())
    }

    private func refusal(_ body: () throws -> Void) -> RefusalKind? {
        do {
            try body()
            return nil
        } catch { return RefusalKind(error) }
    }

    /// The copy on the state partition, changed as a test likes.
    private func change(_ change: (inout ChannelCopy) -> Void) throws {
        var copy = try #require(ChannelRecord.copy(at: scene.path("state")))
        change(&copy)
        try ChannelRecord.keep(copy, at: scene.path("state"))
    }

    @Test("a poll that finds nothing new is one request of at most 1 KiB, answered 304, and says the same")
    func nothingNew() throws {
        _ = try publish()
        let first = try poll()
        #expect(first.plan.isEmpty && first.requests.count > 3)
        let second = try poll()
        #expect(second.requests.map(\.path) == ["/v2/vendor/channel/manifests/stable"])
        #expect(second.requests.first?.status == 304 && second.requests.first?.method == "GET")
        let (sent, received) = (second.requests.first?.sent ?? .max, second.requests.first?.received ?? .max)
        #expect(sent <= 1024 && received <= 1024, "\(sent) and \(received) bytes")
        #expect(second.plan.isEmpty && second.plan.notes == first.plan.notes.filter { $0 != "signed by vendor.pem" })
        // Who signed it was found out again.
        #expect(second.plan.notes.first == "channel signed by vendor.pem")
    }

    @Test("a registry that wants a token is asked twice, and the token server once between")
    func token() throws {
        _ = try publish()
        let guarded = try CountingProxy(to: server.port, asksForTokens: true)
        _ = try poll(through: guarded)
        let requests = try poll(through: guarded).requests
        #expect(requests.count == 3 && requests[1].path.hasPrefix("/.token") && requests[2].status == 304)
        #expect(requests.allSatisfy { $0.sent <= 1024 })
    }

    @Test("nothing is written when nothing is new, nor when nothing is to be")
    func writes() throws {
        _ = try publish()
        _ = try poll(keepsRecord: false)
        #expect(ChannelRecord.copy(at: scene.path("state")) == nil && !scene.faults.calls.contains("open state"))
        _ = try poll()
        let calls = scene.faults.calls.count { $0 == "open state" }
        _ = try poll()
        #expect(calls > 0 && scene.faults.calls.count { $0 == "open state" } == calls)
    }

    @Test("what was installed by an upgrade is known from the record of it")
    func installed() throws {
        let channel = try publish()
        let release = try #require(channel.document.releases.first)
        var candidate = scene.images[1].candidate
        candidate.source = release.digest
        let record = InstalledRecord(candidate, image: scene.images[1].id, time: 0, recoveryStays: false)
        try write(record.serialized(), InstalledRecord.file.string)
        let paths = try poll().requests.map(\.path)
        #expect(paths.count == 3 && paths.allSatisfy { $0.hasPrefix("/v2/vendor/channel/") }, "\(paths)")
    }

    @Test("a copy counts only as far as it is whole: what is missing is asked for")
    func damaged() throws {
        _ = try publish()
        let all = try poll().requests.count
        try change { $0.parts[0][10] ^= 1 }
        #expect(try poll().requests.map(\.status) == [304, 200])
        #expect(try poll().requests.map(\.status) == [304])
        try change { $0.manifest[10] ^= 1 }
        #expect(try poll().requests.map(\.status) == [200])
        try change { $0.reference = "oci://other.example/channel:stable" }
        #expect(try poll().requests.map(\.status) == [200, 200, 200])
        try write([0x7B], ChannelCopy.file.string)
        #expect(try poll().requests.count == all)
    }

    @Test("a copy that has expired, is older than what was seen, or is by nobody trusted any more stays refused")
    func checked() throws {
        let old = try publish(expires: "2026-09-20T00:00:00Z")
        var copy = try #require(old.copy)
        copy.reference = "oci://\(proxy.host)/vendor/channel:stable"
        try ChannelRecord.keep(copy, at: scene.path("state"))
        #expect(refusal { _ = try poll() } == .channelExpired)
        #expect(try proxy.requests().map(\.status) == [304])
        _ = try publish()
        #expect(try poll().plan.isEmpty)
        #expect(try poll().requests.map(\.status) == [304])
        let other = try SigningKey().publicKey()
        #expect(refusal { _ = try poll(trusting: other) } == .untrusted)
        var memory = ChannelMemory()
        memory.note(copy.reference, issued: try #require(UTCTime("2026-09-15T00:00:00Z")))
        try write(memory.serialized(), ChannelMemory.file.string)
        #expect(refusal { _ = try poll() } == .channelOlder)
    }

    @Test("a new document is read whole, and the image is asked for when there is something to do")
    func something() throws {
        _ = try publish()
        _ = try poll()
        let recovery = try poll(
            options: {
                var all = UpgradeOptions(); all.withRecovery = true; return all
            }())
        #expect(recovery.plan.recovery != nil && recovery.requests.first?.status == 304)
        #expect(recovery.requests.count > 1)
        _ = try publish(issued: "2026-09-02T00:00:00Z")
        let renewed = try poll()
        #expect(renewed.requests.map(\.status) == [200, 200, 200], "the image is known")
        #expect(try poll().requests.map(\.status) == [304])
    }
}
