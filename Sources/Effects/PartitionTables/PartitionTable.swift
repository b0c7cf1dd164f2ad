package import Faults
package import SystemPackage

/// Describes a GPT and writes it into a disk or a regular file.
package struct PartitionTable: Equatable, Sendable {
    /// One partition.
    package struct Entry: Equatable, Sendable {
        /// Number of the first sector.
        package var firstSector: Int64
        /// Length in sectors.
        package var sectors: Int64
        /// GPT type identifier.
        package var type: String
        /// PARTLABEL.
        package var name: String
        /// PARTUUID.
        package var identifier: String

        /// Describes a partition.
        package init(firstSector: Int64, sectors: Int64, type: String, name: String, identifier: String) {
            self.firstSector = firstSector
            self.sectors = sectors
            self.type = type
            self.name = name
            self.identifier = identifier
        }
    }

    /// GUID of the disk.
    package var identifier: String
    /// The partitions; the first is number 1.
    package var entries: [Entry]

    /// Describes a table.
    package init(identifier: String, entries: [Entry]) {
        self.identifier = identifier
        self.entries = entries
    }

    /// The table in the language of `sfdisk`.
    var script: [String] {
        ["label: gpt", "label-id: \(identifier)", "unit: sectors"]
            + entries.map {
                "start=\($0.firstSector), size=\($0.sectors), type=\($0.type), uuid=\($0.identifier), name=\($0.name)"
            }
    }

    /// Writes the table and the protective MBR; the disk must have its full size already.
    ///
    /// - Parameter sectorSize: for a file, which does not say it; nil asks the device.
    /// - Throws: when the file cannot be opened or the table does not fit it.
    package func write(to path: FilePath, sectorSize: Int64? = nil) throws(PartitionTableError) {
        let context = try FdiskContext(path, sectorSize: sectorSize)
        try context.apply(script)
        try context.write()
    }
}

/// Says why a partition table was not written.
package typealias PartitionTableError = Fault<PartitionTableFault>

/// Names what fails with partition tables.
package enum PartitionTableFault: FaultKind {
    /// A call of libfdisk.
    case library(Errno)
    /// libfdisk gives no object.
    case noMemory
    /// A change that does not fit the table that is there.
    case change
    /// The disk cannot be read or written.
    case device(Errno)
}

extension PartitionTableError {
    /// Explains a negative error number of libfdisk.
    init(_ operation: String, _ path: FilePath, code: Int32) {
        let errno = Errno(rawValue: code == .min ? 0 : -code)
        self.init(
            code == 0 ? .noMemory : .library(errno), operation, path.string,
            cause: code == 0 ? "not enough memory" : "\(errno)",
            remedy: "Check that the file can be written and that the partitions fit on the disk.")
    }

    /// A table that cannot be changed so.
    static func change(_ path: FilePath, _ cause: String) -> PartitionTableError {
        PartitionTableError(
            .change, "changing the table of", path.string, cause: cause,
            remedy: "Nothing was changed; look at it with sfdisk --verify.")
    }

    /// A disk that cannot be read or written.
    static func device(_ operation: String, _ path: FilePath, _ error: Errno) -> PartitionTableError {
        PartitionTableError(
            .device(error), operation, path.string, cause: "\(error)",
            remedy: "Check the kernel log and the disk's health.")
    }
}
