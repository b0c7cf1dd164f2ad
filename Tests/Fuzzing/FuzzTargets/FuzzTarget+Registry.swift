import Archives
import HTTPTransfer
import ImageModel
import PackageModel
import RegistryModel
import RepositoryPlanning

extension FuzzTarget {
    /// What a registry, or who signs for it, sends.
    static let registry: [FuzzTarget] = [
        returns("image-manifest", { try ImageManifest(parsing: document($0)) }, { $0.serialized() }),
        returns("image-index", { try ImageIndex(parsing: document($0)) }, { $0.serialized() }),
        survives("registry-document") { bytes in _ = try RegistryDocument(parsing: document(bytes)) },
        survives("container-config") { bytes in _ = try ContainerConfig(parsing: bytes) },
        returns("simple-signing", { try SimpleSigning(parsing: $0) }, { $0.serialized() }),
        survives("signing-statement") { bytes in _ = try SigningStatement(parsing: bytes) },
        survives("sigstore-bundle") { bytes in _ = try SigstoreBundle(parsing: bytes) },
        returns("repository-index", { try RepositoryIndex(parsing: $0) }, { $0.serialized() }),
        survives("repository-index-file") { bytes in
            _ = try RepositoryIndex(parsing: Decompression.bytes(of: bytes, limit: 1 << 20))
        },
        returns("repository-memory", { try RepositoryMemory(parsing: $0) }, { $0.serialized() }),
        survives("package-metadata") { bytes in _ = try PackageMetadata(parsing: bytes) },
        survives("auth-file") { bytes in _ = try AuthFile(parsing: bytes) },
        survives("challenge") { bytes in _ = try Challenge.list(parsing: text(bytes)) },
        returns("image-reference", { try ImageReference(parsing: text($0)) }, { Array("oci://\($0)".utf8) }),
        survives("source-reference") { bytes in
            _ = try SourceReference(parsing: text(bytes))
            _ = try SourceReference(parsing: text(bytes)) { _ in true }
        },
        survives("http-address") { bytes in
            let address = try HTTPAddress(text(bytes))
            _ = try address.following(text(bytes))
        },
    ]

    /// The bytes as a registry's answer.
    private static func document(_ bytes: [UInt8]) throws(FuzzFailure) -> ManifestDocument {
        guard let digest = Digest(bytes: [UInt8](repeating: 0, count: 32)) else {
            throw FuzzFailure(because: "32 bytes are no digest")
        }
        return ManifestDocument(mediaType: MediaType.manifest, bytes: bytes, digest: digest)
    }
}
