import Glibc
import LinuxSystem
import SystemPackage

/// A disk that is open for a change of its table.
struct TableFile: ~Copyable {
    private let path: FilePath
    private let file: OwnedDescriptor

    /// Opens a disk, which may be in use.
    init(_ path: FilePath) throws(PartitionTableError) {
        self.path = path
        do throws(Errno) { file = try OwnedDescriptor(opening: path, .readWrite) } catch {
            throw .device("opening", path, error)
        }
    }

    /// Reads so many bytes at a place.
    borrowing func read(_ place: Int64, _ count: Int) throws(PartitionTableError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got: Int
        do throws(Errno) {
            got = try FileBlock.read(file.descriptor, into: &bytes, count: count, at: Int(place))
        } catch { throw .device("reading", path, error) }
        guard got == count else { throw .device("reading", path, .ioError) }
        return bytes
    }

    /// Writes, and waits until the disk has it.
    borrowing func write(_ write: TableWrite) throws(PartitionTableError) {
        let descriptor = file.descriptor
        do throws(Errno) {
            try FileBlock.write(write.bytes.span, to: descriptor, at: Int(write.place))
            _ = try systemCall { fsync(descriptor.rawValue) }
        } catch { throw .device("writing the table of", path, error) }
    }
}
