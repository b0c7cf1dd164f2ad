import Cryptography
import Foundation
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage
import Testing

@testable import RegistryAccess

/// A folder for one test, with what sources are made of; removed when dropped.
struct SourceFixture: ~Copyable {
    let folder: FilePath

    init() throws {
        folder = FilePath(FileManager.default.temporaryDirectory.appending(path: "sources-\(UUID().uuidString)").path)
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.string) }

    /// Runs a script in the folder and returns its output; it is killed after a minute.
    @discardableResult
    func run(_ script: String) throws -> String {
        let outcome = try ChildProcess.run(
            "bash", ["-euc", "exec 2>&1\n" + script], directory: folder, output: .capture(atMost: 64 << 20),
            timeout: .seconds(60))
        let output = String(decoding: outcome.standardOutput, as: UTF8.self)
        try #require(outcome.succeeded, "\(script): \(output)")
        return output
    }

    /// Writes a file below the folder and returns its digest.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> Digest {
        let path = folder.appending(name)
        try FileManager.default.createDirectory(
            atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path.string))
        return try SHA256Hasher.digest(of: bytes)
    }

    /// Writes a folder with an image of small files; returns its manifest.
    @discardableResult
    func image(
        _ name: String, version: String = "1.0", key: borrowing SigningKey, rootSize: Int = 12_288
    ) throws -> Manifest {
        let root = (0..<rootSize).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let files: [ImageFile: [UInt8]] = [
            .root: root, .kernel: Array("kernel \(version)".utf8), .initrd: Array("initrd".utf8),
            .chunks: Array("chunks".utf8),
        ]
        var entries: [ImageFile: Manifest.File] = [:]
        for (file, bytes) in files {
            let digest = try write(bytes, to: "\(name)/\(file.rawValue)")
            entries[file] = Manifest.File(size: bytes.count, sha256: digest)
        }
        var manifest = Manifest(
            name: "os", version: version, sequence: 1, createdAt: try #require(UTCTime(seconds: 0)),
            architecture: "amd64", osRelease: [],
            root: Manifest.Root(
                format: "squashfs", size: root.count, sha256: try #require(entries[.root]?.sha256),
                verity: VerityParameters(
                    rootHash: [UInt8](repeating: 1, count: 32), salt: [], hashOffset: 4_096,
                    uuid: "01234567-89ab-cdef-0123-456789abcdef")),
            kernel: try #require(entries[.kernel]), initrd: try #require(entries[.initrd]))
        manifest.chunks = entries[.chunks]
        let text = manifest.serialized()
        try write(text, to: "\(name)/manifest.json")
        try write(SignatureFile(signatures: [try key.sign(text)]).serialized(), to: "\(name)/manifest.sig")
        return manifest
    }

    /// Opens a source that is on this machine; `%` stands for the folder.
    func open(_ reference: String) throws -> LocalSource {
        let text = reference.replacing("%", with: folder.string)
        return try LocalSource(opening: try SourceReference(parsing: text))
    }
}

/// Says that a test got nothing where something must be.
struct Nothing: Error {}

extension BlobSource where Self: ~Copyable {
    /// Reads a blob from an offset on.
    mutating func bytes(_ blob: Descriptor, from offset: Int = 0) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try read(blob, from: offset) { piece in for index in piece.indices { bytes.append(piece[index]) } }
        return bytes
    }
}

/// Writes an OCI layout blob by blob.
struct LayoutWriter {
    let folder: FilePath
    var entries: [Descriptor] = []

    init(_ folder: FilePath) throws {
        self.folder = folder
        try FileManager.default.createDirectory(
            atPath: folder.appending("blobs/sha256").string, withIntermediateDirectories: true)
        try put(Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), at: "oci-layout")
    }

    private func put(_ bytes: [UInt8], at name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: folder.appending(name).string))
    }

    /// Adds a blob.
    func blob(_ bytes: [UInt8], _ mediaType: String) throws -> Descriptor {
        let digest = try SHA256Hasher.digest(of: bytes)
        try put(bytes, at: "blobs/sha256/\(digest.hex)")
        return Descriptor(mediaType: mediaType, digest: digest, size: bytes.count)
    }

    /// Adds a document and, with a name, an entry of the index.
    mutating func document(_ bytes: [UInt8], _ mediaType: String, named name: String? = nil) throws -> Descriptor {
        var entry = try blob(bytes, mediaType)
        entry.annotations["org.opencontainers.image.ref.name"] = name
        entries.append(entry)
        try put(ImageIndex(manifests: entries).serialized(), at: "index.json")
        return entry
    }

    /// Adds a container image with one layer that holds one file.
    mutating func container(_ content: String, named name: String?) throws -> Descriptor {
        let file = "\(folder.lastComponent?.string ?? "")-file"
        try put(Array(content.utf8), at: "../\(file)")
        let tar = try ChildProcess.run(
            "tar", ["-C", folder.removingLastComponent().string, "-cf", "-", file],
            output: .capture(atMost: 64 << 20)
        ).requireSuccess()
        let layer = try blob(tar.standardOutput, "application/vnd.oci.image.layer.v1.tar")
        let text = #"""
            {"created":"2026-11-23T00:00:00Z","architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers",
            "diff_ids":["\#(layer.digest.registryText)"]}}
            """#
        let config = try blob(Array(text.utf8), MediaType.containerConfig)
        return try document(
            ImageManifest(config: config, layers: [layer]).serialized(), MediaType.manifest, named: name)
    }
}
