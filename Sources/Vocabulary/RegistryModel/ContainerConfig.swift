package import ImageModel
import JSONText

/// Holds what matters of a container image's config (OCI image configuration).
package struct ContainerConfig: Equatable, Sendable {
    /// The largest config that is read, in bytes.
    package static let maximumLength = 4 << 20

    /// Machine type in OCI's spelling: `amd64`.
    package var architecture: String
    /// Operating system: `linux`.
    package var operatingSystem: String
    /// When the image was made, in whole seconds; nil when it does not say.
    package var created: UTCTime?
    /// SHA-256 of each layer, uncompressed, in order.
    package var diffIDs: [Digest]
    /// The image's labels, by name.
    package var labels: [String: String]

    /// Describes a container image.
    package init(
        architecture: String, operatingSystem: String = "linux", created: UTCTime? = nil, diffIDs: [Digest],
        labels: [String: String] = [:]
    ) {
        self.created = created
        self.architecture = architecture
        self.operatingSystem = operatingSystem
        self.diffIDs = diffIDs
        self.labels = labels
    }

    /// Reads a config blob, whose digest was checked before.
    ///
    /// - Throws: `RegistryModelError` for bad JSON and members of the wrong kind or out of bounds.
    package init(parsing bytes: [UInt8]) throws(RegistryModelError) {
        let reader = try DocumentReader(
            parsing: bytes, maximum: Self.maximumLength, operation: "reading a container image's config",
            remedy: ImageManifest.remedy)
        architecture = try reader.text("architecture")
        operatingSystem = try reader.text("os")
        created = try Self.time(reader)
        labels = try reader.optionalChild("config")?.texts("Labels") ?? [:]
        diffIDs = try Self.diffIDs(try reader.child("rootfs"))
    }

    /// The config as a blob; equal configs give equal bytes.
    package func serialized() -> [UInt8] {
        var object = JSONObject()
        object["created"] = created.map { .string($0.description) }
        object["architecture"] = .string(architecture)
        object["os"] = .string(operatingSystem)
        object["config"] = JSONValue.sorted(labels).map { ["Labels": $0] }
        object["rootfs"] = [
            "type": "layers", "diff_ids": .array(diffIDs.map { .string($0.registryText) }),
        ]
        return JSONValue.object(object).serialized()
    }

    private static func diffIDs(_ reader: DocumentReader) throws(RegistryModelError) -> [Digest] {
        guard try reader.text("type") == "layers" else { throw reader.fault("type", "expected 'layers'") }
        guard let elements = try reader.elements("diff_ids", atMost: ImageManifest.maximumLayers) else { return [] }
        var digests: [Digest] = []
        for (index, element) in elements.enumerated() {
            guard let digest = element.text.flatMap(Digest.init(registryText:)) else {
                throw reader.fault("diff_ids", "element \(index) is not sha256: and 64 hexadecimal digits")
            }
            digests.append(digest)
        }
        return digests
    }

    /// Reads RFC 3339 as Go writes it: with a fraction of a second, dropped here, and possibly with another zone.
    private static func time(_ reader: DocumentReader) throws(RegistryModelError) -> UTCTime? {
        guard let text = try reader.optionalText("created") else { return nil }
        guard let time = UTCTime(rfc3339: text) else {
            throw reader.fault("created", "\(text.quoted) is not a time as in '2026-11-23T11:45:29Z'")
        }
        return time
    }
}

extension UTCTime {
    /// Reads a time with an optional fraction, which is dropped, and `Z` or an offset.
    fileprivate init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40,
            let local = UTCTime(String(decoding: bytes.prefix(19), as: UTF8.self) + "Z")
        else { return nil }
        var rest = bytes.dropFirst(19)
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(digits.count + 1)
        }
        guard let offset = Self.offset(Array(rest)) else { return nil }
        self.init(seconds: local.seconds - offset)
    }

    /// Seconds east of UTC for `Z`, `+01:00`, `-05:30`.
    private static func offset(_ zone: [UInt8]) -> Int64? {
        if zone == [UInt8(ascii: "Z")] { return 0 }
        guard zone.count == 6, zone[3] == UInt8(ascii: ":"), [0x2B, 0x2D].contains(zone[0]),
            [1, 2, 4, 5].allSatisfy({ isDigit(zone[$0]) })
        else { return nil }
        let value: (Int) -> Int64 = { Int64(zone[$0] - 0x30) * 10 + Int64(zone[$0 + 1] - 0x30) }
        let seconds = value(1) * 3_600 + value(4) * 60
        return zone[0] == 0x2D ? -seconds : seconds
    }
}
