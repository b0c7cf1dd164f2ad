import BootModel
import Cryptography
import Foundation
import ImageModel
import SystemPackage
import Testing

@testable import BootExecution

/// A signed image directory and a key directory of its own, removed at the end.
final class SignedImage {
    let directory: URL
    let keys: URL
    let id: ImageID
    let manifest: [UInt8]

    init() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("lifeboot-\(UUID().uuidString)")
        directory = root.appendingPathComponent("image")
        keys = root.appendingPathComponent("keys")
        for folder in [directory, keys] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        let key = try SigningKey()
        try Data(key.publicKey().pem()).write(to: keys.appendingPathComponent("a.pem"))
        manifest = try Self.text().serialized()
        id = ImageID(manifestDigest: try SHA256Hasher.digest(of: manifest))
        try Data(manifest).write(to: directory.appendingPathComponent("manifest.json"))
        let signature = SignatureFile(signatures: [try key.sign(manifest)]).serialized()
        try Data(signature).write(to: directory.appendingPathComponent("manifest.sig"))
    }

    deinit { try? FileManager.default.removeItem(at: directory.deletingLastPathComponent()) }

    static func text() throws -> Manifest {
        let digest = try #require(Digest(bytes: [UInt8](repeating: 7, count: 32)))
        let verity = VerityParameters(
            rootHash: digest.bytes, salt: digest.bytes, hashOffset: 4096, dataBlockSize: 4096, hashBlockSize: 4096,
            algorithm: "sha256", uuid: "11111111-2222-3333-4444-555555555555")
        return Manifest(
            name: "test", version: "1", sequence: 1, createdAt: try #require(UTCTime(seconds: 0)),
            architecture: "x86_64", osRelease: [],
            root: Manifest.Root(format: "squashfs", size: 12288, sha256: digest, verity: verity),
            kernel: Manifest.File(size: 1, sha256: digest), initrd: Manifest.File(size: 1, sha256: digest))
    }

    func read(_ policy: VerityPolicy = .enforce) throws -> Manifest {
        try ImageVerification.manifest(
            in: FilePath(directory.path), expected: id, policy: policy, keys: [FilePath(keys.path)])
    }

    func replace(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: directory.appendingPathComponent(name))
    }
}

@Suite("Image verification")
struct ImageVerificationTests {
    /// Reads the image and returns the words of the refusal.
    static func refusal(_ image: SignedImage, _ policy: VerityPolicy = .enforce) -> String {
        do {
            _ = try image.read(policy)
            return "accepted"
        } catch { return "\(error)" }
    }

    @Test("a signed manifest is read")
    func accepts() throws {
        let image = try SignedImage()
        #expect(try image.read().name == "test")
    }

    @Test("every kind of tampering is refused in words of its own")
    func refuses() throws {
        let image = try SignedImage()
        try image.replace("manifest.json", image.manifest + [0x0A])
        #expect(Self.refusal(image).contains("the manifest was altered"))
        try image.replace("manifest.json", image.manifest)
        try image.replace("manifest.sig", Array("AAAA\n".utf8))
        #expect(Self.refusal(image).contains("the signature is damaged"))
        let other = SignatureFile(signatures: [try SigningKey().sign(image.manifest)]).serialized()
        try image.replace("manifest.sig", other)
        #expect(Self.refusal(image).contains("signed with an unknown key"))
        try FileManager.default.removeItem(at: image.directory.appendingPathComponent("manifest.sig"))
        #expect(Self.refusal(image).contains("the image is not signed"))
        #expect(Self.refusal(image, .off) == "accepted")
    }

    @Test("without a key, or with a file that is none, nothing is trusted")
    func keys() throws {
        let image = try SignedImage()
        try Data("junk".utf8).write(to: image.keys.appendingPathComponent("b.pem"))
        #expect(Self.refusal(image).contains("not a usable public key"))
        for name in ["a.pem", "b.pem"] {
            try FileManager.default.removeItem(at: image.keys.appendingPathComponent(name))
        }
        #expect(Self.refusal(image).contains("no public key was found"))
    }

    @Test("a signature over a manifest of another id does not help it")
    func otherImage() throws {
        let image = try SignedImage()
        let error = #expect(throws: ImageVerificationError.self) {
            try ImageVerification.manifest(
                in: FilePath(image.directory.path), expected: try #require(ImageID("0123456789abcdef")),
                policy: .off, keys: [])
        }
        #expect(error?.description.contains(image.id.description) == true)
    }
}
