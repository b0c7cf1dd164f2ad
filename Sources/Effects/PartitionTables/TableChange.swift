/// What is changed in the table of a disk that is in use; every other entry stays as it is.
package struct TableChange: Equatable, Sendable {
    /// The new GUID of the disk; nil keeps it.
    package var identifier: String?
    /// New GUIDs of partitions by their numbers, from 1.
    package var identifiers: [Int: String] = [:]
    /// New lengths of partitions in sectors, by their numbers.
    package var lengths: [Int: Int64] = [:]
    /// New partitions by their numbers, which are not in use.
    package var added: [Int: PartitionTable.Entry] = [:]

    /// Changes nothing.
    package init() {}
}
