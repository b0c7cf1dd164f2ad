import LinuxSystem
import Synchronization
package import SystemPackage

/// Reads what the disk holds of a file that others still write to, past the page cache; from any thread.
package final class DurableFile: Sendable {
    /// Bytes read at a time.
    package static let blockLength = AlignedBuffer.largePage

    private struct Access: ~Copyable {
        let file: OwnedDescriptor
        let buffer: AlignedBuffer

        /// Opens a file; some filesystems refuse `O_DIRECT` only when they are read.
        init(_ path: FilePath) throws(Errno) {
            let buffer = AlignedBuffer(atLeast: blockLength)
            file = try DirectAccess.trying { (direct) throws(Errno) in
                let file = try OwnedDescriptor(opening: path, options: direct.union(.noFollow))
                _ = try buffer.read(file.descriptor, at: 0)
                return file
            }
            self.buffer = buffer
        }
    }

    private let path: FilePath
    private let access: Mutex<Access>

    /// Opens a file.
    ///
    /// - Throws: `PreallocationError`.
    package init(_ path: FilePath) throws(PreallocationError) {
        self.path = path
        do throws(Errno) { access = Mutex(try Access(path)) } catch { throw .call("opening", path, error) }
    }

    /// Waits until the disk was given what was written in a part; what is read there then comes from the disk.
    ///
    /// - Throws: `PreallocationError` when the disk does not take it.
    package func settle(_ part: Range<Int>) throws(PreallocationError) {
        do throws(Errno) {
            try access.withLock { (access) throws(Errno) in try EarlyWriting.finish(access.file.descriptor, part) }
        } catch { throw .call("flushing", path, error) }
    }

    /// Lends at most a block from a place, a multiple of 4,096; at the end of the file fewer, but always a multiple of that.
    ///
    /// What was written there must be settled.
    ///
    /// - Throws: `PreallocationError` when it cannot be read, and what `body` throws.
    package func withBytes<Result: Sendable>(
        at offset: Int, count: Int, _ body: @Sendable (Span<UInt8>) throws -> Result
    ) throws -> Result {
        try access.withLock { access in
            let got: Int
            do throws(Errno) { got = try access.buffer.read(access.file.descriptor, at: Int64(offset)) } catch {
                throw PreallocationError.call("reading", path, error)
            }
            return try access.buffer.withBytes(got < count ? got - got % AlignedBuffer.alignment : count, body)
        }
    }
}
