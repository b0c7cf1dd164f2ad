package import SystemPackage

/// Reads whole files that are expected to be small.
package enum FileBytes {
    /// Reads a file.
    /// - Throws: `SystemError` when it cannot be read or has more bytes than the limit.
    package static func read(_ path: FilePath, limit: Int) throws(SystemError) -> [UInt8] {
        do throws(Errno) {
            return try OwnedDescriptor(opening: path).use { (file) throws(Errno) in try read(file, limit: limit) }
        } catch {
            if error == .fileTooLarge { throw .tooLarge(path, limit: limit) }
            throw .file("reading", path, error)
        }
    }

    /// Reads a file that need not be there; nil only when its name does not exist.
    /// - Throws: as `read`.
    package static func readIfPresent(_ path: FilePath, limit: Int) throws(SystemError) -> [UInt8]? {
        do throws(SystemError) {
            return try read(path, limit: limit)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }

    private static func read(_ descriptor: FileDescriptor, limit: Int) throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: max(1, min(1 << 16, limit)))
        while true {
            let count = try FileBlock.read(descriptor, into: &buffer)
            if count == 0 { return bytes }
            guard count <= limit - bytes.count else { throw .fileTooLarge }
            bytes.append(contentsOf: buffer.prefix(count))
        }
    }
}

/// Reads a part of a file or device.
package enum FileRange {
    /// Reads at most so many bytes at a place; fewer only where the file ends.
    /// - Throws: `SystemError` when it cannot be read.
    package static func read(_ path: FilePath, at offset: Int64, count: Int) throws(SystemError) -> [UInt8] {
        do throws(Errno) {
            return try OwnedDescriptor(opening: path).use { (file) throws(Errno) in
                try read(file, at: offset, count: count)
            }
        } catch {
            throw .file("reading", path, error)
        }
    }

    private static func read(_ file: FileDescriptor, at offset: Int64, count: Int) throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: max(1, min(count, 1 << 16)))
        while bytes.count < count {
            let place = offset + Int64(bytes.count)
            let got = try catchingErrno {
                try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(fromAbsoluteOffset: place, into: $0) }
            }
            if got == 0 { break }
            bytes.append(contentsOf: buffer.prefix(min(got, count - bytes.count)))
        }
        return bytes
    }
}
