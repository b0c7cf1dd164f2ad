package import Faults
package import SystemPackage

/// Says why a partition table was not written.
package typealias PartitionTableError = Fault<PartitionTableFault>

/// Names what fails with partition tables.
package enum PartitionTableFault: FaultKind {
    /// A call of libfdisk.
    case library(Errno)
    /// libfdisk gives no object.
    case noMemory
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
}
