import ImagePlanning
import LinuxSystem
import SystemPackage

/// Owns the disk's file and writes bytes at places in it.
struct DiskFile: ~Copyable {
    private let file: OwnedDescriptor
    private let path: FilePath

    /// Makes a sparse file of a size, or opens the one that is there.
    ///
    /// - Parameter size: the size of a new file; nil to open.
    init(_ path: FilePath, size: Int64? = nil) throws {
        self.path = path
        file = try Self.open(path, size)
    }

    private static func open(_ path: FilePath, _ size: Int64?) throws -> OwnedDescriptor {
        do {
            let file = try OwnedDescriptor(
                opening: path, .readWrite, options: size == nil ? [] : [.create, .truncate],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            if let size { try file.descriptor.resize(to: size) }
            return file
        } catch let error as Errno {
            throw SystemError.file("creating", path, error)
        }
    }

    /// Reads bytes at a place; fewer at the end of the file.
    borrowing func read(_ count: Int, at offset: Int64) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let length = try FileBlock.read(file.descriptor, into: &bytes, count: count, at: Int(offset))
        return Array(bytes.prefix(length))
    }

    /// Writes bytes at a place.
    borrowing func write(_ bytes: [UInt8], at offset: Int64) throws {
        do {
            _ = try file.descriptor.writeAll(toAbsoluteOffset: offset, bytes)
        } catch let error as Errno {
            throw SystemError.file("writing", path, error)
        }
    }
}
