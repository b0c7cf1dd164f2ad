import ImageModel

/// Where the partitions of a disk are that a cut is judged by.
struct DiskPlaces: Sendable {
    let boot: DiskEditor.Partition
    let recovery: DiskEditor.Partition
    let state: DiskEditor.Partition

    /// Reads the partition table.
    init(of disk: String) async throws {
        let editor = DiskEditor(path: disk)
        boot = try await editor.partition("boot")
        recovery = try await editor.partition("recovery")
        state = try await editor.partition("state")
    }

    /// The partition that holds the image of a role.
    func store(of role: Role) -> DiskEditor.Partition { role == .recovery ? recovery : state }
}

extension DiskEditor.Partition {
    /// The bytes of the disk that belong to it.
    var range: Range<UInt64> { offset..<offset + size }
}
