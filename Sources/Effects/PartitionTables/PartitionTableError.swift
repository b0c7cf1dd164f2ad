import SystemPackage

/// Says why a partition table was not written.
package struct PartitionTableError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was attempted.
    package var operation: String
    /// The disk.
    package var subject: String
    /// Why it failed.
    package var cause: String
    /// What the operator can do.
    package var remedy: String

    /// One line: operation, subject, cause, remedy.
    package var description: String { "\(operation) \(subject): \(cause). \(remedy)" }

    /// Explains a negative error number of libfdisk.
    init(_ operation: String, _ path: FilePath, code: Int32) {
        self.operation = operation
        subject = path.string
        cause = code == 0 ? "not enough memory" : "\(Errno(rawValue: code == .min ? 0 : -code))"
        remedy = "Check that the file can be written and that the partitions fit on the disk"
    }
}
