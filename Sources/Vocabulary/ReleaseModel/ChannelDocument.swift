package import ImageModel
package import JSONText

// A channel: the list of releases that one tag of a registry names, signed, with a time after which it counts no more.
// `docs/upgrading.md` describes the JSON; ChannelParsing.swift reads it.

/// One release of a channel.
package struct ChannelRelease: Equatable, Sendable {
    /// Version shown to people.
    package var version: String
    /// Number that grows with each release, as in the image's manifest.
    package var sequence: Int64
    /// SHA-256 of the top document (index or manifest) that the release's image has in the registry.
    package var digest: Digest
    /// Where the image is: `oci://host/repository`, or `./…` and `../…` beside the channel's own repository, whatever
    /// that is called where the machine reads it; nil when it is in the channel's own repository.
    package var reference: String?
    /// What is new, for people.
    package var notes: String?
    /// Percent of the machines that get it.
    package var rollout = 100
    /// The lowest sequence from which this release can be installed directly; nil when any will do.
    package var minimumSequence: Int64?
    /// Whether it mends something that should not wait.
    package var isCritical = false
    /// Why no machine is to take it any more, for people; nil when it may be taken.
    package var withdrawn: String?

    /// Describes a release; what has a default can be set afterwards.
    package init(version: String, sequence: Int64, digest: Digest) {
        self.version = version
        self.sequence = sequence
        self.digest = digest
    }
}

/// A signed list of releases with the time for which it holds.
package struct ChannelDocument: Equatable, Sendable {
    /// The only version of the format.
    package static let format: Int64 = 1
    /// The largest document that is read, in bytes.
    package static let sizeLimit = 1 << 20
    /// The most releases that are read.
    package static let releaseLimit = 1000

    /// The channel's name, such as `stable`: letters, digits, `.`, `_`, `-`.
    package var name: String
    /// When the document was made.
    package var issued: UTCTime
    /// From when on it counts no more.
    package var expires: UTCTime
    /// The releases, in any order, sequences unique.
    package var releases: [ChannelRelease]
    /// The document as read, with unknown members; empty for a new one.
    package var document = JSONObject()

    /// Describes a new document.
    package init(name: String, issued: UTCTime, expires: UTCTime, releases: [ChannelRelease] = []) {
        self.name = name
        self.issued = issued
        self.expires = expires
        self.releases = releases
    }
}

extension ChannelDocument {
    /// Writes the document, indented, with the unknown members that it was read with and a final line feed.
    package func serialized() -> [UInt8] { json.serialized(indented: true) + [0x0A] }

    /// The document as JSON.
    package var json: JSONValue {
        var object = document
        object["format"] = .integer(Self.format)
        object["name"] = .string(name)
        object["issued"] = .string(issued.description)
        object["expires"] = .string(expires.description)
        object["releases"] = .array(releases.map(\.json))
        return .object(object)
    }
}

extension ChannelRelease {
    /// The release as JSON; what has its default is left out.
    package var json: JSONValue {
        var object: JSONObject = [
            "version": .string(version), "sequence": .integer(sequence), "digest": .string(digest.registryText),
        ]
        object["reference"] = reference.map { .string($0) }
        object["notes"] = notes.map { .string($0) }
        // An agent that does not know `withdrawn` holds the release back all the same.
        let share = withdrawn == nil ? rollout : 0
        if share != 100 { object["rollout"] = .integer(Int64(share)) }
        object["minimum"] = minimumSequence.map { .integer($0) }
        if isCritical { object["critical"] = true }
        object["withdrawn"] = withdrawn.map { .string($0) }
        return .object(object)
    }
}
