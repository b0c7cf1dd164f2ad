package import Faults
import ImageModel
import JSONText

extension ChannelDocument {
    /// Reads a channel document; the caller has checked its signature.
    ///
    /// Unknown members are kept, an unknown `format` is refused.
    ///
    /// - Throws: `ChannelError` with the JSON path of the first fault.
    package init(parsing bytes: [UInt8]) throws(ChannelError) {
        guard bytes.count <= Self.sizeLimit else { throw ChannelError("$", "longer than \(Self.sizeLimit) bytes") }
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch { throw ChannelError("$", error.description) }
        guard let object = value.object else { throw ChannelError("$", "expected an object") }
        let reader = ChannelReader(object, path: "$")
        guard try reader.integer("format", in: 0...Int64.max) == Self.format else {
            throw ChannelError("$.format", "this agent reads only format \(Self.format)")
        }
        self.init(
            name: try reader.text("name", where: ManifestText.isName), issued: try reader.time("issued"),
            expires: try reader.time("expires"), releases: try Self.releases(reader))
        guard issued < expires else { throw ChannelError("$.expires", "not after 'issued'") }
        document = object
    }

    private static func releases(_ reader: ChannelReader) throws(ChannelError) -> [ChannelRelease] {
        guard let elements = reader.object["releases"]?.elements else {
            throw reader.fault("releases", "expected an array")
        }
        guard elements.count <= releaseLimit else { throw reader.fault("releases", "more than \(releaseLimit)") }
        var releases: [ChannelRelease] = []
        var sequences: Set<Int64> = []
        for (index, element) in elements.enumerated() {
            let path = "\(reader.path).releases[\(index)]"
            guard let object = element.object else { throw ChannelError(path, "expected an object") }
            let release = try ChannelRelease(ChannelReader(object, path: path))
            guard sequences.insert(release.sequence).inserted else {
                throw ChannelError("\(path).sequence", "\(release.sequence) occurs twice")
            }
            releases.append(release)
        }
        return releases
    }
}

extension ChannelRelease {
    fileprivate init(_ reader: ChannelReader) throws(ChannelError) {
        self.init(
            version: try reader.text("version", where: ManifestText.isVersion),
            sequence: try reader.integer("sequence", in: 0...Int64.max), digest: try reader.digest("digest"))
        if reader.has("reference") {
            reference = try reader.text("reference") { text in
                ["oci://", "./", "../"].contains { text.hasPrefix($0) } && text.utf8.count <= 1024
            }
        }
        if reader.has("notes") { notes = try reader.text("notes", where: Self.isNotes) }
        if reader.has("rollout") { rollout = Int(try reader.integer("rollout", in: 0...100)) }
        if reader.has("minimum") { minimumSequence = try reader.integer("minimum", in: 0...Int64.max) }
        if reader.has("critical") { isCritical = try reader.truth("critical") }
        if reader.has("withdrawn") { withdrawn = try reader.text("withdrawn", where: Self.isNotes) }
    }

    /// Whether a text is short enough for `notes` and `withdrawn`.
    package static func isNotes(_ text: String) -> Bool { text.utf8.count <= 64 * 1024 }
}

/// Takes the members of one object of a channel and checks each.
struct ChannelReader {
    let object: JSONObject
    let path: String

    init(_ object: JSONObject, path: String) {
        self.object = object
        self.path = path
    }

    func has(_ name: String) -> Bool { object[name] != nil }

    func fault(_ name: String, _ reason: String) -> ChannelError { ChannelError("\(path).\(name)", reason) }

    func text(_ name: String, where isValid: (String) -> Bool) throws(ChannelError) -> String {
        guard let text = object[name]?.text else { throw fault(name, "expected a string") }
        guard isValid(text) else { throw fault(name, "not a valid value") }
        return text
    }

    func integer(_ name: String, in range: ClosedRange<Int64>) throws(ChannelError) -> Int64 {
        guard let value = object[name]?.integer else { throw fault(name, "expected an integer") }
        guard range.contains(value) else {
            throw fault(name, "\(value) is not between \(range.lowerBound) and \(range.upperBound)")
        }
        return value
    }

    func truth(_ name: String) throws(ChannelError) -> Bool {
        guard let value = object[name]?.bool else { throw fault(name, "expected true or false") }
        return value
    }

    func time(_ name: String) throws(ChannelError) -> UTCTime {
        guard let time = object[name]?.text.flatMap({ UTCTime($0) }) else {
            throw fault(name, "expected a time as in '2026-11-23T11:45:29Z'")
        }
        return time
    }

    func digest(_ name: String) throws(ChannelError) -> Digest {
        guard let digest = object[name]?.text.flatMap({ Digest(registryText: $0) }) else {
            throw fault(name, "expected 'sha256:' and 64 lower-case hexadecimal digits")
        }
        return digest
    }
}

/// Says what is wrong in a channel document, and where.
package typealias ChannelError = Fault<ChannelFault>

/// Names the place of a fault in a channel document.
package struct ChannelFault: FaultKind {
    /// The JSON path, such as `$.releases[0].digest`.
    package var path: String
    /// What was found or expected.
    package var reason: String
}

extension ChannelError {
    /// Locates a fault.
    package init(_ path: String, _ reason: String) {
        self.init(
            ChannelFault(path: path, reason: reason), "reading", "the channel", cause: "\(path): \(reason)",
            remedy: "Publish the channel again.")
    }
}
