import Cryptography
import Foundation
import ImageModel
import RegistryModel
import SystemPackage
import TestServers
import Testing
import WebMessages

@testable import LayoutServing

/// A folder with layouts for one test.
struct ShelfFixture {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    var path: FilePath { FilePath(folder.url.path) }

    /// Writes a file below the folder, and the folders above it.
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        let url = folder.url.appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url, options: .atomic)
    }

    /// Puts bytes into a layout under their digest.
    @discardableResult
    func blob(_ bytes: [UInt8], _ type: String = "application/octet-stream", in layout: String) throws -> Descriptor {
        let digest = try SHA256Hasher.digest(of: bytes)
        try write(bytes, to: "\(layout)/blobs/sha256/\(digest.hex)")
        return Descriptor(mediaType: type, digest: digest, size: bytes.count)
    }

    /// Puts a manifest into a layout, and describes it for the index.
    func manifest(
        _ content: String, named name: String? = nil, type: String? = nil, about subject: Descriptor? = nil,
        in layout: String
    ) throws -> Descriptor {
        let blob = try blob(Array(content.utf8), in: layout)
        var manifest = ImageManifest(artifactType: type, config: blob, layers: [blob])
        manifest.subject = subject
        var entry = try self.blob(manifest.serialized(), MediaType.manifest, in: layout)
        entry.annotations[MediaType.layoutName] = name
        return entry
    }

    /// Writes the index of a layout, which makes it one.
    func index(_ entries: [Descriptor], in layout: String) throws {
        try write(Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), to: "\(layout)/oci-layout")
        try write(ImageIndex(manifests: entries).serialized(), to: "\(layout)/index.json")
    }

    /// Answers out of the folder, or out of one layout in it.
    func answers(_ layout: String? = nil, name: String? = nil, files: String? = nil) throws -> ShelfAnswers {
        let place = layout.map { path.appending($0) } ?? path
        return try ShelfAnswers(LayoutShelf(place, name: name), files: files.map { path.appending($0) }) { remark in
            Issue.record("\(remark)")
        }
    }
}

extension ShelfAnswers {
    func get(_ target: String, _ method: String = "GET", _ fields: [String: String] = [:]) -> WebAnswer {
        answer(WebRequest(method, target, fields: fields))
    }
}

extension WebAnswer {
    /// The body as a text.
    var text: String {
        switch body {
        case .none: ""
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .content(let content, let range):
            String(decoding: (try? content.bytes(at: range.lowerBound, count: range.count)) ?? [], as: UTF8.self)
        }
    }
}
