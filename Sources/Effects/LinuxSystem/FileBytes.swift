import Glibc
package import SystemPackage

/// Reads whole files that are expected to be small.
package enum FileBytes {
    /// Reads a regular file; whatever lies in its place, reading never waits for somebody.
    ///
    /// - Throws: `SystemError` when it cannot be read, is no regular file (a pipe, a device, a folder), or has more bytes
    ///   than the limit.
    package static func read(_ path: FilePath, limit: Int) throws(SystemError) -> [UInt8] {
        let owner: OwnedDescriptor
        do throws(Errno) { owner = try OwnedDescriptor(opening: path, options: .withoutWaiting) } catch {
            throw .reading(path, error, limit)
        }
        return try read(owner, path, limit: limit)
    }

    /// Reads a file that somebody named on a command line: a pipe is as good as a file, and is waited for.
    ///
    /// - Throws: `SystemError` when it cannot be read or has more bytes than the limit.
    package static func readGiven(_ path: FilePath, limit: Int) throws(SystemError) -> [UInt8] {
        do throws(Errno) {
            return try OwnedDescriptor(opening: path).use { (file) throws(Errno) in try read(file, limit: limit) }
        } catch { throw .reading(path, error, limit) }
    }

    /// Reads what was opened with `withoutWaiting`.
    static func read(_ owner: consuming OwnedDescriptor, _ path: FilePath, limit: Int) throws(SystemError) -> [UInt8] {
        var kind = FileStatus.Kind.file
        do throws(Errno) {
            kind = try owner.use { (file) throws(Errno) in try FileStatus.of(file).kind }
            if kind == .file { return try owner.use { (file) throws(Errno) in try read(file, limit: limit) } }
        } catch { throw .reading(path, error, limit) }
        if kind == .directory { throw .file("reading", path, .isDirectory) }
        throw .notRegular(path)
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

extension FileDescriptor.OpenOptions {
    /// Opens a pipe without a writer and a terminal without a carrier at once, and never takes a terminal for this process.
    package static let withoutWaiting = FileDescriptor.OpenOptions(rawValue: Glibc.O_NONBLOCK | Glibc.O_NOCTTY)
}

extension SystemError {
    /// A file that is read as a whole.
    static func reading(_ path: FilePath, _ error: Errno, _ limit: Int) -> SystemError {
        error == .fileTooLarge ? .tooLarge(path, limit: limit) : .file("reading", path, error)
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

/// Compares files.
package enum FileContent {
    /// Says whether two regular files have the same bytes; links are not followed.
    ///
    /// - Throws: `SystemError` naming the first one when one of them cannot be read.
    package static func isSame(_ one: FilePath, _ other: FilePath) throws(SystemError) -> Bool {
        do throws(Errno) {
            let options: FileDescriptor.OpenOptions = [.noFollow, .withoutWaiting]
            let first = try OwnedDescriptor(opening: one, options: options)
            let second = try OwnedDescriptor(opening: other, options: options)
            return try FileBlock.areEqual(first.descriptor, second.descriptor)
        } catch { throw .file("comparing", one, error) }
    }
}
