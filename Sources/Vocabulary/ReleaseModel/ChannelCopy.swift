package import ImageModel
import JSONText
package import SystemPackage

/// The document of the channel that was read last, as it was received: `/lifeboot/channel-copy.json` on the state partition.
///
/// With it, asking whether there is anything new is one question about a digest. It is no more than a copy: whoever reads it
/// checks signature, age and order again, and without it everything is asked for.
package struct ChannelCopy: Equatable, Sendable {
    /// A release of which it is known which image it is, because it was asked for once and found installed.
    package struct Installed: Equatable, Sendable {
        /// The digest of the release.
        package var release: Digest
        /// The image.
        package var image: ImageID

        /// Pairs a release with its image.
        package init(release: Digest, image: ImageID) {
            self.release = release
            self.image = image
        }
    }

    /// The file on the state partition.
    package static let file: FilePath = "lifeboot/channel-copy.json"
    /// The largest file that is read, in bytes.
    package static let sizeLimit = 3 << 20
    /// The most bytes of manifest and parts that are kept: what a file of `sizeLimit` has room for.
    package static let contentLimit = 2 << 20

    /// The reference of the channel.
    package var reference: String
    /// What kind of document the manifest is.
    package var mediaType: String
    /// The manifest that the reference named.
    package var manifest: [UInt8]
    /// The blobs of the manifest that were read: the document and its signatures.
    package var parts: [[UInt8]]
    /// What is known of a release that is installed; nil when nothing is.
    package var installed: Installed?

    /// Describes what was read.
    package init(reference: String, mediaType: String, manifest: [UInt8], parts: [[UInt8]]) {
        self.reference = reference
        self.mediaType = mediaType
        self.manifest = manifest
        self.parts = parts
    }

    /// Whether it is short enough to be kept.
    package var isShort: Bool { parts.reduce(manifest.count) { $0 + $1.count } <= Self.contentLimit }
}

extension ChannelCopy {
    /// Reads the file; nil when it is damaged, and then there is no copy.
    package init?(parsing bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), json["format"]?.integer == 1,
            let reference = json["reference"]?.text, let mediaType = json["mediaType"]?.text,
            let manifest = json["manifest"].flatMap(Self.content), let parts = json["parts"]?.elements
        else { return nil }
        let contents = parts.compactMap(Self.content)
        guard contents.count == parts.count else { return nil }
        self.init(reference: reference, mediaType: mediaType, manifest: manifest, parts: contents)
        guard let release = json["release"]?.text.flatMap({ Digest(registryText: $0) }),
            let image = json["image"]?.text.flatMap({ ImageID($0) })
        else { return }
        installed = Installed(release: release, image: image)
    }

    private static func content(_ value: JSONValue) -> [UInt8]? { value.text.flatMap { Base64.decode($0.utf8) } }

    /// The file's bytes.
    package func serialized() -> [UInt8] {
        var object: JSONObject = [
            "format": 1, "reference": .string(reference), "mediaType": .string(mediaType),
            "manifest": .string(Base64.encode(manifest)), "parts": .array(parts.map { .string(Base64.encode($0)) }),
        ]
        if let installed {
            object["release"] = .string(installed.release.registryText)
            object["image"] = .string(installed.image.description)
        }
        return JSONValue.object(object).serialized() + [0x0A]
    }
}
