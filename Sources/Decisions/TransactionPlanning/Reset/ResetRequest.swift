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
    /// Whether the image may be of another product than recovery's.
    package var allowsOtherProduct = false

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
    /// Whether the image may be of another product than recovery's.
    package var allowsOtherProduct = false

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
            "otherProduct": .bool(allowsOtherProduct),
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
        // Records of earlier agents do not have it.
        allowsOtherProduct = object["otherProduct"] == .bool(true)
        switch object["protection"] {
        case .string(let text)?:
            guard let known = PersistentProtection(rawValue: text) else { return nil }
            protection = known
        case .null?, nil: protection = nil
        default: return nil
        }
    }
}

/// Says how the persistent partition is made; the words are stable, they are kept across power cuts.
package enum PersistentProtection: String, CaseIterable, Sendable {
    /// A plain filesystem.
    case none
    /// LUKS2 with the key file on the OEM partition; a random one is made where there is none.
    case storedKey = "stored-key"
    /// LUKS2 with a key file that is given, and copied to the OEM partition.
    case keyFile = "key-file"
    /// LUKS2 with a passphrase that is given, and asked for at each boot.
    case passphrase

    /// Whether the partition becomes a LUKS2 volume.
    package var isEncrypted: Bool { self != .none }
    /// Whether the initramfs finds the key on the OEM partition.
    package var usesStoredKey: Bool { self == .storedKey || self == .keyFile }

    /// For people.
    package var explanation: String {
        switch self {
        case .none: "not encrypted"
        case .storedKey: "encrypted, opened by the key on the OEM partition"
        case .keyFile: "encrypted, opened by the given key file, which is copied to the OEM partition"
        case .passphrase: "encrypted, opened by a passphrase"
        }
    }
}
