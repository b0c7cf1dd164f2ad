package import DiskContract

/// Gives a disk, its partitions and filesystems their identifiers.
///
/// The boot disk is found by the PARTUUID of its boot partition, so two disks in one machine must not share them:
/// a disk is random unless its maker asks for a reproducible one.
package struct DiskIdentity: Equatable, Sendable {
    private let seed: (UInt64, UInt64)

    /// Derives all identifiers from a text: the same text, the same identifiers.
    package init(seed text: String) {
        seed = (Self.hash(text, basis: 0xCBF2_9CE4_8422_2325), Self.hash(text, basis: 0x8422_2325_CBF2_9CE4))
    }

    /// Takes identifiers that no other disk has.
    package static func random() -> DiskIdentity {
        DiskIdentity(seed: "\(UInt64.random(in: .min ... .max))\(UInt64.random(in: .min ... .max))")
    }

    /// The GUID of the partition table.
    package var disk: String { identifier("disk") }

    /// The PARTUUID of a partition.
    package func partition(_ name: Partition) -> String { identifier("partition \(name.rawValue)") }

    /// The PARTUUID of an entry by its number, for a table of others.
    package func entry(_ number: Int) -> String { identifier("entry \(number)") }

    /// The PARTUUID of a partition beside ours.
    package func partition(extra name: String) -> String { identifier("extra partition \(name)") }

    /// The UUID of the filesystem on a partition beside ours.
    package func filesystem(extra name: String) -> String { identifier("extra filesystem \(name)") }

    /// The seed of ext4's directory hash on a partition beside ours.
    package func directoryHash(extra name: String) -> String { identifier("extra hash \(name)") }

    /// The UUID by which a format other than raw knows the disk.
    package var file: String { identifier("file") }

    /// The UUID of a filesystem.
    package func filesystem(_ name: Partition) -> String { identifier("filesystem \(name.rawValue)") }

    /// The seed of ext4's directory hash.
    package func directoryHash(_ name: Partition) -> String { identifier("hash \(name.rawValue)") }

    /// The volume id of a FAT filesystem, eight hexadecimal digits.
    package func volume(_ name: Partition) -> String { String(filesystem(name).prefix(8)) }

    /// Compares two identities by what they are derived from.
    package static func == (left: DiskIdentity, right: DiskIdentity) -> Bool {
        left.seed == right.seed
    }

    /// A UUID of version 8 (RFC 9562: made as the maker likes) for one purpose.
    private func identifier(_ purpose: String) -> String {
        let high = Self.mixed(seed.0 ^ Self.hash(purpose, basis: seed.1))
        let low = Self.mixed(seed.1 ^ Self.hash(purpose, basis: seed.0))
        let digits = Self.digits(high & ~0xF000 | 0x8000) + Self.digits(low & ~(0b11 << 62) | 0b10 << 62)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    /// FNV-1a; nothing here is secret, the identifiers have only to differ.
    private static func hash(_ text: String, basis: UInt64) -> UInt64 {
        text.utf8.reduce(basis) { ($0 ^ UInt64($1)) &* 0x0100_0000_01B3 }
    }

    /// The finish of SplitMix64, which spreads every bit of the input.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private static func digits(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
