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
