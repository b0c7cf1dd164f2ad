import Foundation
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage

@testable import ImageAssembly

/// Gives the blobs of an OCI layout, and fails in ways that a test asks for.
struct LayoutSource: BlobSource, ~Copyable {
    struct Broken: Error, Equatable {}

    let path: String
    var traffic = Traffic()
    /// Breaks a transfer after so many bytes in all; nil never.
    var breaksAfter: Int?
    /// Changes a byte of every blob of at least this size.
    var corruptsFrom: Int?
    /// Offsets at which blobs were begun.
    var offsets: [Int] = []

    init(_ path: String) { self.path = path }

    private func file(_ digest: Digest) -> URL { URL(filePath: path).appending(path: "blobs/sha256/\(digest.hex)") }

    mutating func resolve() throws -> ManifestDocument {
        let index = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path + "/index.json")))
        let entries = (index as? [String: Any])?["manifests"] as? [[String: Any]] ?? []
        guard let text = entries.first?["digest"] as? String, let digest = Digest(hex: String(text.dropFirst(7)))
        else { throw Broken() }
        return try manifest(digest)
    }

    mutating func manifest(_ digest: Digest) throws -> ManifestDocument {
        ManifestDocument(
            mediaType: MediaType.manifest, bytes: Array(try Data(contentsOf: file(digest))), digest: digest)
    }

    mutating func manifest(tag: String) throws -> ManifestDocument? { nil }

    mutating func read(
        _ blob: Descriptor, from offset: Int, check: DigestCheck, into sink: (Span<UInt8>) throws -> Void
    ) throws {
        offsets.append(offset)
        var bytes = Array(try Data(contentsOf: file(blob.digest)))
        if let corruptsFrom, bytes.count >= corruptsFrom { bytes[bytes.count / 2] ^= 1 }
        for start in stride(from: offset, to: bytes.count, by: 10_000) {
            let end = min(start + 10_000, bytes.count)
            if let breaksAfter, traffic.bytesReceived + end - start > breaksAfter { throw Broken() }
            traffic.bytesReceived += end - start
            try sink(bytes.span.extracting(start..<end))
        }
    }

    mutating func read(
        _ blob: Descriptor, ranges: [Range<Int>], into sink: (Int, Span<UInt8>) throws -> Void
    ) throws -> RangeAnswer { .unsupported }
}
