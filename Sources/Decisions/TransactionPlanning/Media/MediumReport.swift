package import JSONText
package import SystemPackage

/// What a medium has to offer.
package struct MediumReport: Equatable, Sendable {
    /// An image, or what an image is made of.
    package struct Source: Equatable, Sendable {
        /// As `lifeboot upgrade` and `lifeboot reset --source` take it.
        package var reference: String
        /// Name and version; nil when it cannot be read.
        package var title: String?
        /// The id of the image; nil for what has none before it is made.
        package var image: String?
        /// Whether a key that this machine trusts has signed it.
        package var isTrusted = false
        /// Why this machine does not take it; nil when it does.
        package var problem: String?

        /// Names a source of which nothing else is known.
        package init(_ reference: String) { self.reference = reference }
    }

    /// The device.
    package var device: SeenDevice
    /// Where it is mounted; nil when it is not.
    package var folder: FilePath?
    /// Why it cannot be looked into, or not into all of it.
    package var problem: String?
    /// What it has.
    package var sources: [Source] = []

    /// Starts with nothing but the device.
    package init(_ device: SeenDevice, problem: String? = nil) { (self.device, self.problem) = (device, problem) }

    /// `device`, `label`, `filesystem`, `bytes`, `folder`, `problem`, `sources`.
    package var json: JSONValue {
        [
            "device": .string(device.path.string), "label": .of(device.label), "filesystem": .of(device.filesystem),
            "bytes": device.bytes.map { .integer($0) } ?? .null, "folder": .of(folder?.string),
            "problem": .of(problem), "sources": .array(sources.map(\.json)),
        ]
    }

    /// Reads what another process has written; nil when it is none.
    package init?(_ json: JSONValue) {
        guard let path = json["device"]?.text else { return nil }
        device = SeenDevice(FilePath(path))
        (device.label, device.filesystem) = (json["label"]?.text, json["filesystem"]?.text)
        device.bytes = json["bytes"]?.integer
        folder = json["folder"]?.text.map { FilePath($0) }
        problem = json["problem"]?.text
        sources = (json["sources"]?.elements ?? []).compactMap { Source($0) }
    }
}

extension MediumReport.Source {
    fileprivate var json: JSONValue {
        [
            "source": .string(reference), "title": .of(title), "image": .of(image), "trusted": .bool(isTrusted),
            "problem": .of(problem),
        ]
    }

    fileprivate init?(_ json: JSONValue) {
        guard let reference = json["source"]?.text else { return nil }
        self.reference = reference
        (title, image, problem) = (json["title"]?.text, json["image"]?.text, json["problem"]?.text)
        isTrusted = json["trusted"] == .bool(true)
    }
}

extension JSONValue {
    fileprivate static func of(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
