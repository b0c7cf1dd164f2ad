import Faults

/// A partition beside ours, for whatever else a machine needs; nothing of ours ever looks at it.
package struct ExtraPartition: Equatable, Sendable, CustomStringConvertible {
    /// What is made on it.
    package enum Filesystem: String, CaseIterable, Sendable {
        /// The same as on our partitions.
        case ext4
        /// FAT32, which every system reads.
        case vfat
        /// Nothing.
        case none

        /// The longest label, and with it the longest name.
        var longestLabel: Int {
            switch self {
            case .ext4: 16
            case .vfat: 11
            // The longest PARTLABEL, of 72 bytes in UTF-16.
            case .none: 36
            }
        }

        /// The smallest partition that holds one.
        func minimumSize(sectorSize: Int64) -> Int64 {
            switch self {
            case .ext4: 16 << 20
            case .vfat: (68 << 20) / 1024 * max(1024, sectorSize)
            case .none: DiskLayout.alignment
            }
        }
    }

    /// Words for types, with their GUIDs: the first is meant where none is named; `home` and `srv` are those that systemd mounts
    /// by itself (Discoverable Partitions Specification), `data` is what Windows shows.
    static let types = [
        ("linux", "0FC63DAF-8483-4772-8E79-3D69D8477DE4"), ("data", "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"),
        ("home", "933AC7E1-2EB4-4F13-B844-0E14E2AEF915"), ("srv", "3B8F8425-20E0-4F3B-907F-1A25A76F98E8"),
    ]
    /// The type of swap, which no disk of a cloud may have.
    static let swap = "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F"

    /// Its PARTLABEL, and the label of its filesystem, which FAT has in capitals.
    package let name: String
    /// Its size in bytes, before it is rounded up to whole MiB.
    package let size: Int64
    /// What is made on it.
    package let filesystem: Filesystem
    /// Its GPT type, in capitals.
    package let type: String

    /// Reads `NAME=SIZE[,ext4|vfat|none][,TYPE]`; ext4 and the type of its filesystem are meant where they are not named.
    ///
    /// - Throws: what is wrong with it.
    package init(_ text: String) throws(DiskLayoutError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var words = parts.dropFirst().flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }[...]
        guard parts.count == 2, let size = words.popFirst().flatMap({ ByteCount(argument: String($0)) }) else {
            throw .extra(text, "it is not NAME=SIZE, with a size as 512M or 20G")
        }
        let named = words.first.flatMap { Filesystem(rawValue: String($0)) }
        if named != nil { words.removeFirst() }
        let filesystem = named ?? .ext4
        guard words.count <= 1, let type = Self.type(words.first.map(String.init), filesystem) else {
            let known = (Filesystem.allCases.map(\.rawValue) + Self.types.map(\.0)).joined(separator: ", ")
            throw .extra(text, "behind the size it takes a filesystem and a type: \(known), or a GUID as type")
        }
        try Self.check(parts[0], filesystem, text)
        (name, self.size, self.filesystem, self.type) = (parts[0], size.bytes, filesystem, type)
    }

    /// The same as it can be given, all of it said.
    package var description: String { "\(name)=\(size),\(filesystem.rawValue),\(type)" }

    /// Whether it is a place for swap.
    package var isSwap: Bool { type == Self.swap }

    /// The label of its filesystem.
    package var label: String { filesystem == .vfat ? name.uppercased() : name }

    private static func type(_ word: String?, _ filesystem: Filesystem) -> String? {
        let word = word ?? (filesystem == .vfat ? "data" : "linux")
        if let known = types.first(where: { $0.0 == word }) { return known.1 }
        let lengths = word.split(separator: "-", omittingEmptySubsequences: false).map(\.count)
        let isHexadecimal = word.allSatisfy { $0 == "-" || $0.isASCII && $0.isHexDigit }
        return lengths == [8, 4, 4, 4, 12] && isHexadecimal ? word.uppercased() : nil
    }

    private static func check(_ name: String, _ filesystem: Filesystem, _ text: String) throws(DiskLayoutError) {
        let isPlain = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || [UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
        }
        guard !name.isEmpty, isPlain, name.utf8.count <= filesystem.longestLabel else {
            throw .extra(
                text,
                "its name is not 1 to \(filesystem.longestLabel) letters, digits, '-' or '_', which the label takes")
        }
    }
}

extension DiskLayoutError {
    /// A partition beside ours that is not written as it must be, or has no place.
    static func extra(
        _ text: String, _ cause: String,
        remedy: String = "Write it as --partition data=20G or --partition share=1G,vfat."
    ) -> DiskLayoutError {
        DiskLayoutError(.extra, "laying out", "the partition '\(text)'", cause: cause, remedy: remedy)
    }
}
