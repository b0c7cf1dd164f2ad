import CLinux
import Glibc
package import SystemPackage

/// Owns memory whose address suits `O_DIRECT`.
@safe
package struct AlignedBuffer: ~Copyable {
    /// Alignment of address and size, the largest logical block of a disk.
    package static let alignment = 4096

    /// Memory of this size lies in one piece where the kernel has it, so that a disk is asked for more at once: many take
    /// no more than some hundred pieces with a request.
    package static let largePage = 2 << 20

    private let memory: UnsafeMutableRawBufferPointer

    /// Takes zeroed memory of at least so many bytes, rounded up.
    package init(atLeast count: Int) {
        let size = (max(count, 1) + Self.alignment - 1) / Self.alignment * Self.alignment
        let isLarge = size.isMultiple(of: Self.largePage)
        unsafe memory = .allocate(byteCount: size, alignment: isLarge ? Self.largePage : Self.alignment)
        // Advice only.
        if isLarge { _ = unsafe madvise(memory.baseAddress, size, MADV_HUGEPAGE) }
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
    }

    /// Fills the front with bytes; what does not fit is left out.
    borrowing func fill(_ bytes: ArraySlice<UInt8>) {
        unsafe memory.copyBytes(from: bytes.prefix(memory.count))
    }

    /// Returns the first bytes.
    package borrowing func bytes(_ count: Int) -> [UInt8] {
        unsafe Array(memory.prefix(count))
    }

    /// Lends the first bytes.
    package borrowing func withBytes<Result>(
        _ count: Int, _ body: (Span<UInt8>) throws -> Result
    ) rethrows -> Result {
        try unsafe memory.withMemoryRebound(to: UInt8.self) { bytes in
            try unsafe body(UnsafeBufferPointer(bytes).span.extracting(first: count))
        }
    }

    /// Reads at a place of a file into the whole buffer; returns the number of bytes.
    ///
    /// The corresponding C function is `pread`.
    package borrowing func read(_ file: FileDescriptor, at offset: Int64) throws(Errno) -> Int {
        try systemCall { unsafe pread(file.rawValue, memory.baseAddress, memory.count, off_t(offset)) }
    }

    /// Writes the first bytes at a place of a file.
    borrowing func write(_ count: Int, to file: FileDescriptor, at offset: Int64) throws(Errno) {
        let capacity = unsafe memory.count
        let size = min(count, capacity)
        let written = try systemCall { unsafe pwrite(file.rawValue, memory.baseAddress, size, off_t(offset)) }
        if written != size { throw .ioError }
    }

    deinit {
        unsafe memory.deallocate()
    }
}

/// Goes past the page cache.
package enum DirectAccess {
    /// Does something with the options for `O_DIRECT`, and without where the filesystem or the disk's sector size refuses it.
    ///
    /// - Throws: what the body throws.
    package static func trying<Result: ~Copyable>(
        _ body: (FileDescriptor.OpenOptions) throws(Errno) -> Result
    ) throws(Errno) -> Result {
        do throws(Errno) {
            return try body(FileDescriptor.OpenOptions(rawValue: clinux_direct))
        } catch {
            guard error == .invalidArgument || error == .notSupported else { throw error }
            return try body([])
        }
    }
}
