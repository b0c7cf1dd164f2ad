import Cryptography
import Faults
import Foundation
import GrubEnvironment
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
import Transactions

@Suite("What a reference resolves to")
struct ImageResolutionTests {
    let folder: TestFolder
    let image: FakeImage

    init() throws {
        folder = try TestFolder()
        image = try #require(try FakeImage.all.get().last)
        try image.write(folder.path.appending("image"))
    }

    private func sign(_ key: borrowing SigningKey) throws {
        let file = SignatureFile(signatures: [try key.sign(image.bytes)])
        try folder.write(String(decoding: file.serialized(), as: UTF8.self), to: "image/manifest.sig")
    }

    private func resolve(_ keys: [TrustedKey]) throws -> ResolvedImage {
        let reference = SourceReference.imageDirectory(folder.path.appending("image"))
        let source = try AnySource(opening: reference, RegistryConfiguration())
        return try ImageResolution.resolve(reference, source, keys: keys, architecture: "amd64")
    }

    @Test("an image directory signed by a trusted key is signed, for us and for the boot")
    func signed() throws {
        let key = try SigningKey()
        try sign(key)
        let resolved = try resolve([TrustedKey(name: "vendor.pem", key: try key.publicKey())])
        let candidate = resolved.candidate
        #expect(candidate.trust == .signed("vendor.pem") && candidate.bootsSigned)
        #expect(candidate.id == image.id && candidate.version == "3.0" && candidate.sequence == 3)
        let signature = resolved.signature
        #expect(signature == .publisher)
    }

    @Test("without a signature, or with a foreign one, it is not")
    func untrusted() throws {
        let ours = try SigningKey()
        let foreign = try SigningKey()
        let keys = [TrustedKey(name: "vendor.pem", key: try ours.publicKey())]
        let unsigned = try resolve(keys).candidate
        #expect(unsigned.trust == .unsigned && !unsigned.bootsSigned)
        try sign(foreign)
        let untrusted = try resolve(keys).candidate
        #expect(untrusted.trust == .untrusted(["vendor.pem"]) && !untrusted.bootsSigned)
    }

    @Test("a manifest with a schema of the future has a status of its own")
    func schema() throws {
        let text = String(decoding: image.bytes, as: UTF8.self).replacing("\"1.0\"", with: "\"2.0\"")
        try folder.write(text, to: "image/manifest.json")
        do {
            _ = try resolve([])
            Issue.record("it was accepted")
        } catch { #expect(RefusalKind(error) == .schema, "\(error)") }
    }

    @Test("what is not there has a status of its own")
    func missing() {
        let reference = SourceReference.file(.init("/nonexistent/image"))
        do {
            _ = try AnySource(opening: reference, RegistryConfiguration())
            Issue.record("it was opened")
        } catch { #expect(RefusalKind(error) == .notFound) }
    }
}
