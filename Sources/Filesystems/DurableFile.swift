import LinuxSystem
import Synchronization
package import SystemPackage

/// Reads what the disk holds of a file that others still write to, past the page cache; from any thread.
package final class DurableFile: Sendable {
    /// Bytes read at a time.
    package static let blockLength = 1 << 20

    private struct Access: ~Copyable {
        let file: OwnedDescriptor
        let buffer = AlignedBuffer(atLeast: blockLength)
    }

    private let path: FilePath
    private let access: Mutex<Access>

    /// Opens a file.
    ///
    /// - Throws: `PreallocationError`.
    package init(_ path: FilePath) throws(PreallocationError) {
        self.path = path
        do throws(Errno) {
            access = Mutex(
                Access(
                    file: try DirectAccess.trying { (direct) throws(Errno) in
                        try OwnedDescriptor(opening: path, options: direct.union(.noFollow))
                    }))
        } catch { throw .call("opening", path, error) }
    }

    /// Reads at most a block from a place, a multiple of 4,096; fewer bytes at the end of the file.
    ///
    /// What was written there must be durable.
    ///
    /// - Throws: `PreallocationError` when it cannot be read.
    package func bytes(at offset: Int, count: Int) throws(PreallocationError) -> [UInt8] {
        do throws(Errno) {
            return try access.withLock { (access) throws(Errno) in
                let got = try access.buffer.read(access.file.descriptor, at: Int64(offset))
                return access.buffer.bytes(min(got, count))
            }
        } catch { throw .call("reading", path, error) }
    }
}
