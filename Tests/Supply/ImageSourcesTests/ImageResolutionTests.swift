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
        return try ImageResolution.resolve(reference, source, keys: keys, architecture: "amd64", for: "upgrading to")
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

    @Test("an index without an image for this machine says what it was wanted for, and what there is")
    func architecture() throws {
        let index = Array(
            """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":\
            "application/vnd.oci.image.manifest.v1+json","digest":"sha256:\(String(repeating: "a", count: 64))",\
            "size":9,"platform":{"architecture":"riscv64","os":"linux"}}]}
            """.utf8)
        let digest = try SHA256Hasher.digest(of: index)
        try folder.write("{\"imageLayoutVersion\":\"1.0.0\"}", to: "layout/oci-layout")
        try folder.write(String(decoding: index, as: UTF8.self), to: "layout/blobs/sha256/\(digest)")
        try folder.write(
            """
            {"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.index.v1+json","digest":\
            "sha256:\(digest)","size":\(index.count),"annotations":{"org.opencontainers.image.ref.name":"1"}}]}
            """, to: "layout/index.json")
        let reference = try SourceReference(parsing: "oci:\(folder.path.appending("layout")):1")
        let source = try AnySource(opening: reference, RegistryConfiguration())
        do {
            _ = try ImageResolution.resolve(reference, source, keys: [], architecture: "amd64", for: "resetting to")
            Issue.record("it was taken")
        } catch {
            #expect(RefusalKind(error) == .architecture, "\(error)")
            #expect("\(error)".hasPrefix("resetting to oci:"), "\(error)")
            #expect("\(error)".contains("nothing for amd64, only linux/riscv64"), "\(error)")
        }
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
