import Cryptography
import ImageModel
import ImagePlanning

extension FuzzTarget {
    /// What is read of an image before, or while, its signature is checked.
    static let images: [FuzzTarget] = [
        returns("manifest", { try Manifest(parsing: $0) }, { $0.serialized() }),
        returns("signature-file", { try SignatureFile(parsing: $0) }, { $0.serialized() }),
        returns("chunk-index", { try ChunkIndex(parsing: $0) }, { $0.serialized() }),
        returns("base64", { Base64.decode($0) }, { Array(Base64.encode($0).utf8) }),
        survives("public-key") { bytes in
            let key = try PublicKey(pem: bytes)
            _ = try PublicKey(pem: key.pem())
            _ = try key.verify(signature: bytes, of: bytes)
        },
        survives("signing-key") { bytes in _ = try SigningKey(pem: bytes) },
        survives("protected-key") { bytes in _ = try SigningKey(pem: bytes, passphrase: Array("words".utf8)) },
        survives("kernel-header") { bytes in
            _ = KernelHeader(head: bytes)
            _ = SystemArchitecture.ofProgram(elf: bytes)
            _ = InitrdFormat(head: bytes)
        },
    ]
}
