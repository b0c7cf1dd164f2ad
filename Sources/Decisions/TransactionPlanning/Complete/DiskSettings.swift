import DiskContract
package import DocumentTree
import ImagePlanning
import JSONText

/// What `/oem/lifeboot/disk.yaml` says of the partitions that an expandable disk gets on its machine.
package struct DiskSettings: Equatable, Sendable {
    /// The largest file that is read, in bytes.
    package static let sizeLimit = 64 * 1024

    /// Bytes of the recovery partition, which never becomes smaller; nil for room for two images.
    package var recovery: Int64?
    /// Bytes of the state partition; nil for room for three images.
    package var state: Int64?
    /// Bytes of the persistent partition; nil for the rest of the disk.
    package var persistent: Int64?
    /// Whether the persistent partition becomes an encrypted one.
    package var isEncrypted = false

    /// Takes what counts without a file.
    package init() {}

    /// Reads the file's document; keys that are absent keep the default.
    ///
    /// - Throws: `DocumentError` for an unknown key, or a value that its key does not take.
    package init(_ document: DocumentNode) throws(DocumentError) {
        try Self.table.read(document, into: &self)
    }

    /// How the persistent partition is made.
    package var protection: PersistentProtection { isEncrypted ? .storedKey : .none }

    /// Every key of the file.
    package static let table = DocumentTable<DiskSettings>(
        "the disk",
        [
            DocumentKey(
                "recovery", .partitionSize,
                """
                The recovery partition. Without this key it has 2 GiB, or an eighth of a disk of less than 16 GiB, and room \
                for two images where there is. It never becomes smaller than it is.
                """
            ) { $0.recovery = $1 },
            DocumentKey(
                "state", .partitionSize,
                """
                The state partition. Without this key it has 8 GiB, or half of a disk of less than 16 GiB, and room for three \
                images where there is.
                """
            ) { $0.state = $1 },
            DocumentKey(
                "persistent", .partitionSizeOrRest, default: "rest",
                "The persistent partition, or `rest` for what is left of the disk."
            ) { $0.persistent = $1 },
            DocumentKey(
                "encrypt", .truth, default: false,
                """
                Whether the persistent partition becomes a LUKS2 volume. Its key is `/oem/lifeboot/persistent.key`, where \
                the initramfs finds it; a random one is made when there is none.
                """
            ) { $0.isEncrypted = $1 },
        ])
}

extension DocumentValue where Value == Int64 {
    /// Bytes of a partition, written as `boatyard disk` takes them, with a unit.
    fileprivate static var partitionSize: Self {
        Self(.text("a size such as `8G`", pattern: "^0*[1-9][0-9]*[KMGT]$")) { (node, name) throws(DocumentError) in
            try node.partitionSize(name)
        }
    }
}

extension DocumentValue where Value == Int64? {
    /// The same, or the word for what is left.
    fileprivate static var partitionSizeOrRest: Self {
        Self(.text("a size such as `8G`, or `rest`", pattern: "^(rest|0*[1-9][0-9]*[KMGT])$")) {
            (node, name) throws(DocumentError) in
            try node.text(name) == "rest" ? nil : try node.partitionSize(name)
        }
    }
}

extension DocumentNode {
    fileprivate func partitionSize(_ name: String) throws(DocumentError) -> Int64 {
        let text = try text(name)
        // A plain number is more likely a forgotten unit than bytes.
        guard let size = ByteCount(argument: text), text.last?.isLetter == true else {
            throw DocumentError(at: mark, "\(name) must be a whole number with K, M, G or T, not '\(text)'")
        }
        return size.bytes
    }
}
