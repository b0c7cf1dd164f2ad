// The content of files: small ones are collected into shared blocks, the others go to libsquashfs as they come.
import CSquashfs
import Cryptography

/// Holds a file that is smaller than a block until it ends.
struct SmallFile {
    /// Its path.
    let path: [UInt8]
    /// Where its inode will be.
    let slot: Int
    /// Its content so far.
    var content: [UInt8] = []
}

extension SquashfsWriter {
    /// Begins a file with blocks of its own.
    mutating func begin(_ slot: Int) throws(SquashfsError) {
        try unsafe beginBlocks(files.slot(slot), SQFS_BLK_DONT_FRAGMENT.rawValue)
    }

    private mutating func beginBlocks(_ slot: FileInodes.Slot, _ flags: UInt32) throws(SquashfsError) {
        try library.check(unsafe sqfs_block_processor_begin_file(library.processor, slot, nil, flags))
    }

    /// Gives bytes of the current file to libsquashfs.
    mutating func stream(_ bytes: Span<UInt8>) throws(SquashfsError) {
        // The library reads a block that is not there when it is given nothing.
        guard !bytes.isEmpty else { return }
        let processor = unsafe library.processor
        try library.check(
            unsafe bytes.withUnsafeBytes { unsafe sqfs_block_processor_append(processor, $0.baseAddress, $0.count) })
    }

    /// Ends the current file of libsquashfs.
    mutating func endBlocks() throws(SquashfsError) {
        try library.check(unsafe sqfs_block_processor_end_file(library.processor))
    }

    /// Keeps bytes of a small file; one that grows beyond a block has blocks of its own after all.
    mutating func collect(_ bytes: Span<UInt8>) throws(SquashfsError) {
        guard var file = small else { return }
        small = nil
        guard file.content.count + bytes.count < blockSize else {
            try begin(file.slot)
            try stream(file.content.span)
            return try stream(bytes)
        }
        unsafe bytes.withUnsafeBufferPointer { unsafe file.content.append(contentsOf: $0) }
        small = file
    }

    /// Ends a small file.
    ///
    /// One of zeros alone has nothing to share: libsquashfs makes a hole of it.
    mutating func end(_ file: SmallFile) throws(SquashfsError) {
        small = nil
        guard !file.content.allSatisfy({ $0 == 0 }) else {
            try begin(file.slot)
            try stream(file.content.span)
            return try endBlocks()
        }
        let (place, full) = try place(file)
        if let full { try writeFragment(full) }
        guard files.fill(file.slot, size: file.content.count, place) else { throw library.outOfMemory }
    }

    private mutating func place(
        _ file: SmallFile
    ) throws(SquashfsError) -> (place: FragmentBlocks.Place, full: [UInt8]?) {
        do throws(CryptographyError) {
            return try fragments.add(file.content, path: file.path)
        } catch { throw .hashing(path, error) }
    }

    /// Writes a block of small files, in the order of their numbers.
    mutating func writeFragment(_ block: [UInt8]) throws(SquashfsError) {
        let flags = SQFS_BLK_DONT_FRAGMENT.rawValue | SQFS_BLK_IGNORE_SPARSE.rawValue
        try unsafe beginBlocks(fragmentFiles.slot(fragmentFiles.append()), flags)
        try stream(block.span)
        try endBlocks()
    }

    /// Fills the table that leads from the numbers of those blocks to their places, which are known now.
    mutating func fillFragmentTable() throws(SquashfsError) {
        for number in 0..<fragmentFiles.count {
            guard let block = fragmentFiles.singleBlock(number) else {
                throw .order(path, "a block of small files is not where it should be")
            }
            try library.check(unsafe sqfs_frag_table_append(library.fragments, block.start, block.size, nil))
        }
    }
}
