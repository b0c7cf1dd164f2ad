import LinuxSystem
import SystemPackage

/// Gives parts of an archive or medium to the parsers of their structure; says where it ends.
struct ByteSource {
    /// For messages.
    let path: FilePath
    /// Bytes in all.
    let size: Int
    private let read: (Int, Int) throws -> [UInt8]

    /// A file or block device.
    ///
    /// - Throws: `SystemError` when it cannot be opened.
    init(_ path: FilePath) throws(SystemError) {
        let size: Int64
        do throws(Errno) {
            size = try OwnedDescriptor(opening: path).use { (file) throws(Errno) in
                try catchingErrno { try file.seek(offset: 0, from: .end) }
            }
        } catch {
            throw .file("opening", path, error)
        }
        self.init(path: path, size: Int(size)) { try FileRange.read(path, at: Int64($0), count: $1) }
    }

    /// Bytes from elsewhere.
    init(path: FilePath, size: Int, read: @escaping (Int, Int) throws -> [UInt8]) {
        self.path = path
        self.size = size
        self.read = read
    }

    /// Exactly so many bytes at a place.
    ///
    /// - Throws: `RegistryError` when they do not lie in the file.
    func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
            throw RegistryError.damaged(path, "it ends at byte \(size), where more must follow")
        }
        let bytes = try read(offset, count)
        guard bytes.count == count else { throw RegistryError.damaged(path, "it ends inside byte \(offset) and on") }
        return bytes
    }

    /// A range of the file, checked to lie in it.
    func extent(at offset: Int, count: Int) throws -> Range<Int> {
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
            throw RegistryError.damaged(path, "a part of \(count) bytes at byte \(offset) goes beyond the end")
        }
        return offset..<(offset + count)
    }
}
