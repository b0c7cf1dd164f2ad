package import GrubEnvironment
import JSONText
package import SystemPackage

/// What the operator asks of a reset.
package struct ResetRequest: Equatable, Sendable {
    /// What is formatted; nothing when nil.
    package var wipe: WipeScope?
    /// The source of the image; nil for the image of recovery.
    package var source: String?
    /// How the persistent partition is to be made; nil for as it is.
    package var protection: PersistentProtection?
    /// Whether a key file or passphrase was given.
    package var isKeyGiven = false

    /// Asks for a reset that keeps everything.
    package init(wipe: WipeScope? = nil, source: String? = nil) {
        self.wipe = wipe
        self.source = source
    }
}

/// What a pending reset must remember besides what it formats; on the recovery partition, only where it is needed.
///
/// Nothing in it destroys anything: what is formatted is in `boot.env` (docs/decisions/0014-what-a-reset-wipes.md).
package struct ResetRecord: Equatable, Sendable {
    /// Where it lies on the recovery partition.
    package static let file: FilePath = "lifeboot/reset.json"
    /// The version of the format.
    package static let format: Int64 = 1
    /// The most bytes that are read.
    package static let limit = 64 << 10

    /// The source of the image; nil for the image of recovery.
    package var source: String?
    /// How the persistent partition is made, if it is; nil for as it is.
    package var protection: PersistentProtection?

    /// Remembers these.
    package init(source: String? = nil, protection: PersistentProtection? = nil) {
        self.source = source
        self.protection = protection
    }

    /// Whether there is nothing to remember, and no file.
    package var isEmpty: Bool { self == ResetRecord() }

    /// The bytes of the file.
    package func serialized() -> [UInt8] { json.serialized(indented: true) + [0x0A] }

    /// The record for programs.
    var json: JSONValue {
        [
            "format": .integer(Self.format), "source": source.map { .string($0) } ?? .null,
            "protection": protection.map { .string($0.rawValue) } ?? .null,
        ]
    }

    /// Reads the bytes of the file; nil when they are not such a record, which then remembers nothing.
    package init?(parsing bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), case .object(let object) = json,
            object["format"] == .integer(Self.format)
        else { return nil }
        switch object["source"] {
        case .string(let text)?: source = text
        case .null?, nil: source = nil
        default: return nil
        }
        switch object["protection"] {
        case .string(let text)?:
            guard let known = PersistentProtection(rawValue: text) else { return nil }
            protection = known
        case .null?, nil: protection = nil
        default: return nil
        }
    }
}
