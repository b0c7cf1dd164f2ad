import Cryptography
import Faults
import ImageModel
import ImageSources
import InstalledSystem
import RegistryAccess
import RegistryModel
import ReleaseModel
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning

/// Whose images the machine trusts.
final class Vendor {
    let key: SigningKey

    init() throws { key = try SigningKey() }
}

@Suite("From a source to an image that the machine takes")
struct ImageSourcesTests {
    let folder: TestFolder
    let image: FakeImage
    let vendor: Vendor
    var configuration = AgentConfiguration()
    var machine = MachineTraits(architecture: "amd64", agent: AgentVersion(0, 1, 0))

    init() throws {
        folder = try TestFolder()
        image = try #require(try FakeImage.all.get().last)
        vendor = try Vendor()
        try image.write(folder.path.appending("image"))
    }

    /// Writes a signature, ours or somebody else's.
    private func sign(_ isOurs: Bool) throws {
        let foreign = try SigningKey()
        let signature = isOurs ? try vendor.key.sign(image.bytes) : try foreign.sign(image.bytes)
        let text = String(decoding: SignatureFile(signatures: [signature]).serialized(), as: UTF8.self)
        try folder.write(text, to: "image/manifest.sig")
    }

    private func resolve(_ change: (inout SourceRequest) -> Void = { _ in }) throws -> ResolvedImage {
        let sources = ImageSources(
            configuration: configuration, access: RegistryConfiguration(),
            keys: [TrustedKey(name: "vendor.pem", key: try vendor.key.publicKey())], machine: machine)
        var request = SourceRequest("dir:\(folder.path)/image")
        change(&request)
        return try sources.resolve(request, for: "pulling")
    }

    private func refusal(_ change: (inout SourceRequest) -> Void = { _ in }) -> Refusal? {
        do {
            _ = try resolve(change)
            return nil
        } catch { return error as? Refusal }
    }

    @Test("what a trusted key has signed is taken, to be fetched whole or not as the policy says")
    mutating func signed() throws {
        try sign(true)
        #expect(try resolve().mayFetchWhole)
        #expect(try !resolve { $0.refusesFullDownload = true }.mayFetchWhole)
        configuration.policy.fullDownload = .refuse
        #expect(try !resolve().mayFetchWhole)
    }

    @Test("what nobody has signed, or somebody else, is refused whatever it is for", arguments: [nil, false])
    mutating func unsigned(_ signature: Bool?) throws {
        if let signature { try sign(signature) }
        let refused = refusal()
        let refusal = try #require(refused)
        #expect(refusal.kind == (signature == nil ? .unsigned : .untrusted) && refusal.operation == "pulling")
        let allowed = self.refusal { $0.allowsUnsigned = true }
        #expect(allowed == nil)
        configuration.policy.unsigned = .allow
        #expect(self.refusal() == nil)
        configuration.policy.localImages = .refuse
        #expect(self.refusal()?.kind == .unsigned, "only this machine could sign it")
    }

    @Test("what is for another machine is refused", arguments: [RefusalKind.architecture, .agent])
    mutating func unfit(_ kind: RefusalKind) throws {
        try sign(true)
        if kind == .architecture { machine.architecture = "riscv64" }
        if kind == .agent {
            var manifest = image.manifest
            manifest.minimumAgent = AgentVersion(9, 0, 0)
            let bytes = manifest.serialized()
            try folder.write(String(decoding: bytes, as: UTF8.self), to: "image/manifest.json")
            let signature = SignatureFile(signatures: [try vendor.key.sign(bytes)]).serialized()
            try folder.write(String(decoding: signature, as: UTF8.self), to: "image/manifest.sig")
        }
        #expect(refusal()?.kind == kind)
    }

    @Test("a machine without a channel is told where to write one")
    func channel() throws {
        let sources = ImageSources(
            configuration: configuration, access: RegistryConfiguration(), keys: [], machine: machine)
        let error = #expect(throws: Refusal.self) { _ = try sources.channel(allowsUnsigned: true) }
        #expect(error?.kind == .notFound && error?.remedy.contains("/etc/lifeboot/config.yaml") == true)
    }
}
