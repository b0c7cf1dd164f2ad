import Foundation
import ImageModel

/// The partition table of a disk as the kernel and GRUB see it: the one in front, without its copy.
struct TableView {
    let disk: ReplayedDisk
    let places: DiskPlaces

    /// The bytes that a table in front can lie in.
    static let range: Range<UInt64> = 0..<1 << 20

    /// Says why the kernel would read no partitions, or others than it must.
    func problems(needsState: Bool) throws -> [String] {
        let header = try bytes(at: 512, count: 512)
        guard header.starts(with: Array("EFI PART".utf8)) else { return ["table: there is none in front"] }
        var covered = Array(header[..<92])
        covered.replaceSubrange(16..<20, with: [0, 0, 0, 0])
        guard CRC32.checksum(covered) == header.littleEndian(16, 4) else { return ["table: its header does not hold"] }
        let entries = try bytes(at: header.littleEndian(72, 4) * 512, count: 128 * 128)
        guard CRC32.checksum(entries) == header.littleEndian(88, 4) else { return ["table: its entries do not hold"] }
        let needed = [places.boot, places.recovery] + (needsState ? [places.state] : [])
        return needed.compactMap { place in
            let start = UInt64(entries.littleEndian((place.number - 1) * 128 + 32, 4)) * 512
            return start == place.offset ? nil : "table: partition \(place.number) begins at \(start)"
        }
    }

    private func bytes(at offset: UInt32, count: Int) throws -> [UInt8] {
        Array(try disk.read(at: UInt64(offset), count: count))
    }
}

extension [UInt8] {
    fileprivate func littleEndian(_ place: Int, _ count: Int) -> UInt32 {
        self[place..<place + count].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
