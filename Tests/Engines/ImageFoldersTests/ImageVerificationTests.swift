import BootModel
import Cryptography
import Faults
import Foundation
import GrubEnvironment
import ImageFolders
import ImageModel
import InstalledSystem
import SystemPackage
import Testing

@testable import BootExecution

/// A signed image directory and a key directory of its own, removed at the end.
final class SignedImage {
    let directory: URL
    let keys: URL
    let id: ImageID
    let manifest: [UInt8]

    private let root: URL

    /// What the trusted key signed.
    let signature: [UInt8]

    /// Makes them; the image's folder, named by its id, lies below `folder`.
    init(below folder: String = "image") throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("lifeboot-\(UUID().uuidString)")
        keys = root.appendingPathComponent("keys")
        manifest = try Self.text().serialized()
        id = ImageID(manifestDigest: try SHA256Hasher.digest(of: manifest))
        directory = root.appendingPathComponent(folder).appendingPathComponent(id.description)
        for folder in [directory, keys] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        let key = try SigningKey()
        try Data(key.publicKey().pem()).write(to: keys.appendingPathComponent("a.pem"))
        try Data(manifest).write(to: directory.appendingPathComponent("manifest.json"))
        signature = SignatureFile(signatures: [try key.sign(manifest)]).serialized()
        try Data(signature).write(to: directory.appendingPathComponent("manifest.sig"))
    }

    deinit { try? FileManager.default.removeItem(at: root) }

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

    func read(_ policy: VerityPolicy = .enforce, local: LocalImagePolicy = .refuse) throws -> Manifest {
        let folder = FilePath(directory.path)
        if policy == .off { return try ImageFolder(folder, expected: id).manifest }
        return try ImageVerification.manifest(in: folder, expected: id, keys: [FilePath(keys.path)], local: local)
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
        try FileManager.default.removeItem(at: image.keys.appendingPathComponent("a.pem"))
        #expect(Self.refusal(image).contains("not a usable public key"))
        try FileManager.default.removeItem(at: image.keys.appendingPathComponent("b.pem"))
        #expect(Self.refusal(image).contains("no public key was found"))
    }

    @Test("a file that is no key is passed over and named, and the keys beside it count")
    func skipped() throws {
        let image = try SignedImage()
        for name in ["0.pem", "b.pub"] { try Data("junk".utf8).write(to: image.keys.appendingPathComponent(name)) }
        try FileManager.default.createDirectory(
            at: image.keys.appendingPathComponent("c.pem"), withIntermediateDirectories: false)
        var remarks: [String] = []
        _ = try ImageVerification.manifest(
            in: FilePath(image.directory.path), expected: image.id, keys: [FilePath(image.keys.path)], local: .refuse
        ) { remarks.append($0) }
        #expect(remarks.count == 3)
        for (remark, name) in zip(remarks, ["0.pem", "b.pub", "c.pem"]) { #expect(remark.contains(name)) }
    }

    @Test("a signature over a manifest of another id does not help it")
    func otherImage() throws {
        let image = try SignedImage()
        let error = #expect(throws: ImageVerificationError.self) {
            try ImageFolder(FilePath(image.directory.path), expected: try #require(ImageID("0123456789abcdef")))
        }
        #expect(error?.description.contains(image.id.description) == true)
    }
}

@Suite("Local images")
struct LocalImageTests {
    /// An image whose only signature is the machine's.
    final class Machine {
        let image: SignedImage
        let key: SigningKey
        let store: URL

        init() throws {
            image = try SignedImage(below: "images")
            key = try SigningKey()
            store = image.directory.deletingLastPathComponent().deletingLastPathComponent()
            let folder = store.appendingPathComponent("lifeboot")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(key.publicKey().pem()).write(to: folder.appendingPathComponent("machine.pem"))
            try FileManager.default.removeItem(at: image.directory.appendingPathComponent("manifest.sig"))
            let signature = SignatureFile(signatures: [try key.sign(image.manifest)]).serialized()
            try image.replace("local.sig", signature)
        }

        func sign(with key: borrowing SigningKey) throws {
            let signature = SignatureFile(signatures: [try key.sign(image.manifest)]).serialized()
            try image.replace("local.sig", signature)
        }

        func refusal(_ policy: LocalImagePolicy) -> String {
            do {
                _ = try image.read(local: policy)
                return "accepted"
            } catch { return "\(error)" }
        }
    }

    @Test("the machine's own signature counts where local images are allowed, and nowhere else")
    func policy() throws {
        let machine = try Machine()
        #expect(machine.refusal(.allow) == "accepted")
        #expect(machine.refusal(.refuse).contains("this system refuses such images"))
    }

    @Test("a signature of another machine, a damaged one and a lost key are refused")
    func refused() throws {
        let machine = try Machine()
        try machine.sign(with: try SigningKey())
        #expect(machine.refusal(.allow).contains("not made over this manifest by this machine's key"))
        try machine.image.replace("local.sig", Array("AAAA\n".utf8))
        #expect(machine.refusal(.allow).contains("the signature is damaged"))
        try machine.sign(with: machine.key)
        try FileManager.default.removeItem(at: machine.store.appendingPathComponent("lifeboot/machine.pem"))
        #expect(machine.refusal(.allow).contains("machine.pem"))
    }

    @Test("beside the signature of a publisher whom nobody trusts the machine's counts, where it counts at all")
    func untrustedPublisher() throws {
        let machine = try Machine()
        let foreign = SignatureFile(signatures: [try SigningKey().sign(machine.image.manifest)]).serialized()
        for signature in [foreign, Array("AAAA\n".utf8)] {
            try machine.image.replace("manifest.sig", signature)
            #expect(machine.refusal(.allow) == "accepted")
            #expect(machine.refusal(.refuse) != "accepted")
        }
        try machine.sign(with: try SigningKey())
        try machine.image.replace("manifest.sig", foreign)
        #expect(machine.refusal(.allow) != "accepted")
    }

    @Test("beside the signature of a trusted publisher the machine's is not looked at")
    func published() throws {
        let machine = try Machine()
        try machine.image.replace("manifest.sig", machine.image.signature)
        try machine.image.replace("local.sig", Array("AAAA\n".utf8))
        for policy in [LocalImagePolicy.allow, .refuse] { #expect(machine.refusal(policy) == "accepted") }
    }
}
