import Cryptography
import ImageAssembly
import ImageModel
import JSONText
import LinuxSystem
import RegistryModel
import SystemPackage

/// Finds the layers of the one container image in an OCI layout (OCI image specification, image-layout.md).
struct ImageLayout {
    /// Layers, lowest first.
    let layers: [FilePath]
    /// Digest of the image's manifest.
    let digest: Digest

    private static let jsonLimit = 4 << 20

    /// Reads index and manifest and checks the digest of every blob that is used.
    ///
    /// - Throws: `ImageBuildError` when the layout is malformed, holds several images for this architecture, or a blob is
    ///   missing or damaged.
    init(path: FilePath, progress: (TransferProgress) -> Void) throws {
        let index = try Self.json(FileBytes.read(path.appending("index.json"), limit: Self.jsonLimit), path)
        (digest, layers) = try Self.image(index, in: path)
        for (number, layer) in layers.enumerated() {
            progress(TransferProgress("checking layer \(number + 1) of \(layers.count)", done: 0))
            try Self.check(layer, in: path)
        }
    }

    /// Follows indexes down to the one manifest.
    private static func image(_ index: JSONValue, in path: FilePath, depth: Int = 0) throws -> (Digest, [FilePath]) {
        guard let entries = index["manifests"]?.elements else { throw ImageBuildError.layout(path, "no 'manifests'") }
        let fitting = entries.filter(isForUs)
        guard let entry = fitting.first, fitting.count == 1, depth < 4 else {
            throw ImageBuildError.layout(
                path, "\(fitting.count) of \(entries.count) images are for \(ImageArchitecture.host), expected one")
        }
        let digest = try digest(of: entry, in: path)
        let bytes = try FileBytes.read(blob(digest, in: path), limit: jsonLimit)
        guard try SHA256Hasher.digest(of: bytes) == digest else {
            throw ImageBuildError.layout(path, "blob \(digest) is damaged")
        }
        let document = try json(bytes, path)
        if document["manifests"] != nil { return try image(document, in: path, depth: depth + 1) }
        guard let layers = document["layers"]?.elements else { throw ImageBuildError.layout(path, "no 'layers'") }
        return (digest, try layers.map { blob(try Self.digest(of: $0, in: path), in: path) })
    }

    /// Says whether an index entry is an image for Linux on this architecture; one without platform is.
    private static func isForUs(_ entry: JSONValue) -> Bool {
        guard let platform = entry["platform"] else { return true }
        let architecture = platform["architecture"]?.text ?? ImageArchitecture.host
        return platform["os"]?.text ?? "linux" == "linux" && architecture == ImageArchitecture.host
    }

    private static func json(_ bytes: [UInt8], _ path: FilePath) throws -> JSONValue {
        do { return try JSONValue(parsing: bytes) } catch { throw ImageBuildError.layout(path, "\(error)") }
    }

    private static func digest(of entry: JSONValue, in path: FilePath) throws -> Digest {
        let text = entry["digest"]?.text ?? ""
        guard let digest = Digest(registryText: text) else {
            throw ImageBuildError.layout(path, "'\(text)' is no SHA-256 digest")
        }
        return digest
    }

    private static func blob(_ digest: Digest, in path: FilePath) -> FilePath {
        path.appending("blobs").appending("sha256").appending(digest.hex)
    }

    private static func check(_ layer: FilePath, in path: FilePath) throws {
        let found = try ImageFileDigest.of(layer).sha256
        guard found.hex == layer.lastComponent?.string else {
            throw ImageBuildError.layout(path, "blob \(layer.lastComponent?.string ?? "") is damaged")
        }
    }
}
