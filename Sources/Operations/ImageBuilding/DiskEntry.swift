import ImagePlanning
import LinuxSystem
import SystemPackage

/// Names one thing to put on an ext4 partition.
enum DiskEntry: Equatable {
    /// A folder.
    case directory(FilePath)
    /// A file with the contents of one of the host and these permission bits.
    case file(FilePath, FilePath, UInt16)
    /// A symbolic link with this text.
    case link(FilePath, String)

    /// Where it goes.
    var path: FilePath {
        switch self {
        case .directory(let path), .file(let path, _, _), .link(let path, _): path
        }
    }

    /// The bytes it takes.
    func size() throws -> Int64 {
        guard case .file(_, let source, _) = self else { return 4096 }
        return (try FileStatus.of(source)?.size ?? 0) + 4096
    }

    /// Everything below a folder of the host, sorted, to go below `target`.
    ///
    /// - Throws: when something is neither a file, a folder nor a link, or has a name that cannot be passed on.
    static func tree(_ source: FilePath, below target: FilePath = "/") throws -> [DiskEntry] {
        var entries: [DiskEntry] = []
        for name in try Folders.names(of: source) {
            let (from, to) = (source.appending(name), target.appending(name))
            switch try FileStatus.of(from, followingLinks: false) {
            case let status? where status.kind == .file:
                entries.append(.file(to, from, UInt16(truncatingIfNeeded: status.permissions.rawValue & 0o7777)))
            case let status? where status.kind == .directory:
                entries.append(.directory(to))
                entries += try tree(from, below: to)
            case let status? where status.kind == .link:
                entries.append(.link(to, try linkText(from)))
            default: throw DiskError.file(from, "it is neither a file, a folder nor a link")
            }
        }
        return entries
    }

    private static func linkText(_ path: FilePath) throws -> String {
        let outcome = try ChildProcess.run("readlink", ["-n", "--", path.string]).requireSuccess()
        return String(decoding: outcome.standardOutput, as: UTF8.self)
    }
}

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
