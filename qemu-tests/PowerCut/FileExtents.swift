/// Where the bytes of a file lie on the disk, in order, as somebody's filesystem code sees it.
struct FileExtents: Hashable, Sendable {
    /// A piece of the file.
    enum Piece: Hashable, Sendable {
        /// Bytes of the disk.
        case stored(Range<UInt64>)
        /// So many bytes that read as zero: a hole, or space that was reserved and not written.
        case zeros(UInt64)
    }

    private(set) var pieces: [Piece] = []

    /// The bytes of the disk.
    var ranges: [Range<UInt64>] {
        pieces.compactMap { piece in
            guard case .stored(let range) = piece else { return nil }
            return range
        }
    }

    /// Reads what `grub-fstest … blocklist` prints: `2048+8,2100[0-100]` is eight sectors and 100 bytes of another.
    ///
    /// The numbers count from the partition's begin. Nil for anything else.
    init?(grubBlocklist text: String, partition: UInt64) {
        for part in text.split(separator: ",") {
            let numbers = part.split { !$0.isNumber }.compactMap { UInt64($0) }
            guard let sector = numbers.first else { return nil }
            let base = partition + sector * 512
            switch (part.contains("+"), numbers.count) {
            case (true, 2): pieces.append(.stored(base..<base + numbers[1] * 512))
            case (false, 3) where numbers[1] <= numbers[2]:
                pieces.append(.stored(base + numbers[1]..<base + numbers[2]))
            default: return nil
            }
        }
    }

    /// Reads what debugfs's `dump_extents` prints of a file of `size` bytes; blocks have 4,096 bytes.
    ///
    /// Nil when the numbers make no sense.
    init?(dumpedExtents lines: some Sequence<Substring>, size: UInt64) {
        let block: UInt64 = 4_096
        var position: UInt64 = 0
        for line in lines {
            let numbers = line.split { !$0.isNumber }.compactMap { UInt64($0) }
            // Level/levels, entry/entries, logical range, physical range, length; inner nodes of the tree have no end.
            guard numbers.count >= 9, numbers[0] == numbers[1] else { continue }
            let (logical, physical, count) = (numbers[4] * block, numbers[6] * block, numbers[8] * block)
            guard logical >= position else { return nil }
            append(.zeros(logical - position), limit: size - min(size, position))
            position = logical
            let isWritten = !line.contains("Uninit")
            let piece = isWritten ? Piece.stored(physical..<physical + count) : .zeros(count)
            append(piece, limit: size - min(size, position))
            position += count
        }
        append(.zeros(size - min(size, position)), limit: size)
    }

    /// Adds a piece, or as much of it as belongs to the file.
    private mutating func append(_ piece: Piece, limit: UInt64) {
        switch piece {
        case .zeros(let count) where min(count, limit) > 0: pieces.append(.zeros(min(count, limit)))
        case .stored(let range) where limit > 0:
            pieces.append(.stored(range.lowerBound..<range.lowerBound + min(UInt64(range.count), limit)))
        default: break
        }
    }
}
