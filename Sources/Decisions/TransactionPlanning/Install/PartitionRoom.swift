import DiskContract
import Faults
import ImagePlanning

/// Whether partitions hold what is put on them.
struct PartitionRoom {
    /// The smallest persistent partition that holds a LUKS2 header and a filesystem, in bytes.
    static let minimumEncrypted: Int64 = 48 << 20
    /// Bytes of the folders, the ring of boot records and their blocks, on a partition with images.
    private static let ours: Int64 = 1 << 20

    /// What is done, a verb in -ing form.
    var operation: String
    /// Bytes of the partitions.
    var sizes: [Partition: Int64]
    /// Whether the persistent partition becomes an encrypted one.
    var isEncrypted: Bool

    /// Refuses a partition that is too small.
    ///
    /// - Parameters:
    ///   - files: bytes of the files that go on partitions.
    ///   - remedy: what to do about one, a sentence.
    func check(_ files: [Partition: Int64], remedy: (Partition) -> String) throws(Refusal) {
        for name in Partition.allCases {
            guard let size = sizes[name], let bytes = files[name] else { continue }
            let needed = bytes.addingReportingOverflow(name == .oem ? 0 : Self.ours)
            do throws(DiskLayoutError) {
                try DiskLayout.checkSpace(for: needed.overflow ? .max : needed.partialValue, in: size, on: name)
            } catch {
                throw Refusal(
                    .space, operation, error.subject, cause: error.cause, remedy: remedy(name), underlying: error)
            }
        }
        let persistent = sizes[.persistent] ?? 0
        guard isEncrypted, persistent < Self.minimumEncrypted else { return }
        throw Refusal(
            .space, "encrypting", "the persistent partition",
            cause: "it has \(persistent >> 20) MiB, and at least \(Self.minimumEncrypted >> 20) are needed",
            remedy: remedy(.persistent))
    }
}
