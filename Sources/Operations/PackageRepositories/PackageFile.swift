import Archives
import Cryptography
import Faults
import ImageModel
import LinuxSystem
import PackageModel
import RegistryModel
package import SystemPackage

/// Reads packages from files: a layer and its description, side by side.
package enum PackageFile {
    /// How the names of layers end.
    package static let layerSuffix = ".tar.gz"
    /// How the names of descriptions end.
    package static let metadataSuffix = ".json"
    /// More bytes than any system unpacks to: what an index may say (RepositoryIndex).
    private static let limit: Int64 = 1 << 50
    /// What begins a file that gzip made (RFC 1952, 2.3.1).
    private static let gzip: [UInt8] = [0x1F, 0x8B]

    /// Reads a package.
    ///
    /// - Parameters:
    ///   - layer: the tar archive, compressed with gzip; nil for a package that only requires others.
    ///   - metadata: a JSON file as `PackageMetadata` writes it.
    /// - Throws: `PackageRepositoryError` when one of them is something else, `ArchiveError` or `SystemError` when one cannot
    ///   be read.
    package static func read(layer: FilePath?, metadata: FilePath) throws -> BuiltPackage {
        let description: PackageMetadata
        do {
            description = try PackageMetadata(parsing: FileBytes.read(metadata, limit: PackageMetadata.sizeLimit))
        } catch let error as RegistryModelError {
            throw PackageRepositoryError(
                .package, "reading the package's description", metadata.string,
                cause: "\(error.subject): \(error.cause)", remedy: "Write it as docs/packages.md says.")
        }
        guard let layer else { return BuiltPackage(description, layer: nil, installedSize: 0) }
        let (built, size) = try read(layer)
        return BuiltPackage(description, layer: built, installedSize: size)
    }

    /// Reads every package of a folder, in the order of their names.
    ///
    /// - Throws: as for one; `PackageRepositoryError` for a layer without a description, and when there are none.
    package static func all(in folder: FilePath) throws -> [BuiltPackage] {
        let names = try Folders.names(of: folder)
        let layers = Set(names.filter { $0.hasSuffix(layerSuffix) }.map { String($0.dropLast(layerSuffix.count)) })
        let all = names.filter { $0.hasSuffix(metadataSuffix) }.map { String($0.dropLast(metadataSuffix.count)) }
        if let lonely = layers.subtracting(all).min() {
            throw PackageRepositoryError(
                .package, "reading", folder.appending(lonely + layerSuffix).string,
                cause: "there is no \(lonely)\(metadataSuffix) beside it", remedy: "Add the package's description.")
        }
        guard !all.isEmpty else {
            throw PackageRepositoryError(
                .package, "reading the packages in", folder.string, cause: "there are none",
                remedy: "Name a folder with NAME\(layerSuffix) and NAME\(metadataSuffix) for each package.")
        }
        return try all.map { name in
            try read(
                layer: layers.contains(name) ? folder.appending(name + layerSuffix) : nil,
                metadata: folder.appending(name + metadataSuffix))
        }
    }

    /// Reads a layer once as it is and once without compression.
    private static func read(_ path: FilePath) throws -> (BuiltPackage.Layer, installedSize: Int64) {
        guard try FileRange.read(path, at: 0, count: gzip.count) == gzip else {
            throw PackageRepositoryError(
                .package, "reading the package's files", path.string, cause: "it is not compressed with gzip",
                remedy: "Compress the tar archive with 'gzip -n', which every program that reads images understands.")
        }
        let file = try opened(path)
        let (digest, size) = try SHA256Hasher.digest(reading: file.descriptor)
        let content = try LayerContent()
        var archive = try TarSource(path: path, isLayer: true) { content.take($0) }
        var installed: Int64 = 0
        while let entry = try archive.next() {
            // What nobody could unpack need not be counted exactly.
            installed = min(installed, limit - entry.contentSize) + entry.contentSize
        }
        let layer = BuiltPackage.Layer(path: path, digest: digest, size: size, diffID: try content.finish())
        return (layer, installed)
    }

    private static func opened(_ path: FilePath) throws(SystemError) -> OwnedDescriptor {
        do throws(Errno) { return try OwnedDescriptor(opening: path) } catch { throw .file("opening", path, error) }
    }
}

/// Hashes a layer without its compression, while its entries are read.
private final class LayerContent {
    private var hasher: SHA256Hasher
    private var failure: CryptographyError?

    init() throws { hasher = try SHA256Hasher() }

    /// Takes the next bytes; false when they cannot be hashed.
    func take(_ bytes: Span<UInt8>) -> Bool {
        do throws(CryptographyError) {
            try hasher.update(bytes)
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// The digest of all.
    func finish() throws -> Digest {
        if let failure { throw failure }
        return try hasher.finish()
    }
}
