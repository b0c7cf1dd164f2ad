import Cryptography
import Faults
import ImageModel
import ImageSources
import RegistryAccess
import RegistryModel
import ReleaseModel
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning

@testable import Transactions

/// Whose images and channels the machine trusts.
private final class Publisher {
    let key: SigningKey

    init() throws { key = try SigningKey() }
}

@Suite("An upgrade, planned")
struct UpgradeOperationTests {
    let scene: UpgradeScene
    private let publisher: Publisher
    var configuration = AgentConfiguration()

    init() throws {
        scene = try UpgradeScene()
        publisher = try Publisher()
        try scene.images[2].write(scene.path("media"))
    }

    private func sign() throws {
        let file = SignatureFile(signatures: [try publisher.key.sign(scene.images[2].bytes)])
        try scene.folder.write(String(decoding: file.serialized(), as: UTF8.self), to: "media/manifest.sig")
    }

    /// Publishes a channel that expires at a time; the machine's clock says 2026-09-21.
    private func follow(expires: String, _ releases: [ChannelRelease]? = nil) throws -> String {
        let release = ChannelRelease(version: "2.0", sequence: 2, digest: scene.images[1].manifest.kernel.sha256)
        let document = ChannelDocument(
            name: "stable", issued: try #require(UTCTime("2026-09-01T00:00:00Z")),
            expires: try #require(UTCTime(expires)),
            releases: releases ?? [release])
        var layout = try LayoutTarget(SourceReference.Entry(scene.path("channel"), tag: "stable"))
        let stored = try layout.storeChannel(document.serialized(), signedWith: publisher.key)
        try layout.tag(stored, as: "stable")
        return "oci-layout:\(scene.path("channel")):stable"
    }

    private func prepare(_ change: (inout UpgradeRequest) -> Void = { _ in }) throws -> PreparedUpgrade {
        var request = UpgradeRequest(access: SourceAccess(agent: AgentVersion(0, 1, 0)))
        request.source = "dir:\(scene.path("media"))"
        change(&request)
        let sources = ImageSources(
            configuration: configuration, access: RegistryConfiguration(),
            keys: [TrustedKey(name: "vendor.pem", key: try publisher.key.publicKey())],
            machine: MachineTraits(architecture: "amd64", agent: request.access.agent))
        var operation = UpgradeOperation(
            request, on: FakeOperationMachine(root: scene.folder.path, faults: scene.faults, store: scene.store),
            from: sources, running: scene.running, machineID: "m")
        return try operation.prepare(keepsRecord: false)
    }

    private func refusal(_ change: (inout UpgradeRequest) -> Void = { _ in }) -> RefusalKind? {
        do {
            _ = try prepare(change)
            return nil
        } catch { return RefusalKind(error) }
    }

    @Test("what nobody has signed is not installed, unless it is allowed")
    mutating func unsigned() throws {
        #expect(refusal() == .unsigned)
        #expect(refusal { $0.options.allowsUnsigned = true } == nil)
        configuration.policy.unsigned = .allow
        #expect(refusal() == nil)
    }

    @Test("a full download that is refused, by an option or by the policy, stays refused for the fetch")
    mutating func fullDownload() throws {
        try sign()
        #expect(try prepare().mayFetchWhole == true)
        #expect(try prepare { $0.refusesFullDownload = true }.mayFetchWhole == false)
        configuration.policy.fullDownload = .refuse
        #expect(try prepare().mayFetchWhole == false)
    }

    @Test("a channel under the reference of another one is not followed, unless it is allowed")
    mutating func otherChannel() throws {
        let reference = try follow(expires: "2026-10-20T00:00:00Z")
        configuration.channel = reference
        var memory = ChannelMemory()
        memory.note(
            try SourceReference(parsing: reference).description, name: "beta",
            issued: try #require(UTCTime("2026-09-01T00:00:00Z")))
        try scene.folder.write(String(decoding: memory.serialized(), as: UTF8.self), to: "state/lifeboot/channel.json")
        #expect(refusal { $0.source = nil } == .product)
        #expect(
            refusal {
                $0.source = nil
                $0.options.allowsOtherProduct = true
            } != .product)
    }

    @Test("a channel that has expired is not followed; one that has not is")
    mutating func channel() throws {
        configuration.channel = try follow(expires: "2026-09-20T00:00:00Z")
        #expect(refusal { $0.source = nil } == .channelExpired)
        configuration.channel = try follow(expires: "2026-10-20T00:00:00Z")
        #expect(refusal { $0.source = nil } != .channelExpired)
    }

    @Test("a withdrawn release that is installed is said to be so, and recovery is not given it")
    mutating func withdrawn() throws {
        let releases = (0...3 as ClosedRange<Int64>).map { sequence in
            var release = ChannelRelease(
                version: "\(sequence).0", sequence: sequence, digest: scene.images[1].manifest.kernel.sha256)
            release.withdrawn = "It burns."
            return release
        }
        configuration.channel = try follow(expires: "2026-10-20T00:00:00Z", releases)
        let prepared = try prepare { $0.source = nil }
        let (notes, release) = (prepared.plan.notes, prepared.release)
        #expect(notes.contains { $0.hasSuffix("which is installed, was withdrawn: It burns.") })
        #expect(release == nil)
    }
}
