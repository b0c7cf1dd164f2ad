import Glibc
package import SystemPackage

/// Holds an exclusive lock on a file until it is dropped, or this process ends in whatever way.
package final class FileLock: Sendable {
    private let file: FileDescriptor

    /// Waits until nobody else holds the lock; the file is made when it is not there, and stays empty.
    ///
    /// - Throws: `SystemError` when the file cannot be made or locked. The corresponding C function is `flock`.
    package init(_ path: FilePath) throws(SystemError) {
        do throws(Errno) {
            let owner = try OwnedDescriptor(
                opening: path, .readWrite, options: [.create, .noFollow], permissions: [.ownerReadWrite])
            let descriptor = owner.descriptor.rawValue
            _ = try systemCall { flock(descriptor, LOCK_EX) }
            file = owner.release()
        } catch {
            throw .file("locking", path, error)
        }
    }

    /// What came of trying to take a lock.
    package enum Attempt {
        /// It is ours.
        case taken(FileLock)
        /// Somebody else holds it; the line that they wrote into the file, if they wrote one.
        case held(by: String?)
    }

    /// Takes the lock only when nobody else holds it, and writes into the file who does.
    ///
    /// To take it and to write that is one step for all who try, so that nobody who finds it held reads nothing, or the
    /// name of the holder before. What makes it one is a second lock, `PATH.turn`, which is held for that long.
    ///
    /// - Parameter holder: one line, for those who come later.
    /// - Throws: `SystemError` when a file cannot be made, locked or written. The corresponding C function is `flock`.
    package static func attempt(_ path: FilePath, holder: String) throws(SystemError) -> Attempt {
        let turn = try FileLock(FilePath("\(path.string).turn"))
        defer { withExtendedLifetime(turn) {} }
        if let lock = try attemptInTurn(path, holder) { return .taken(lock) }
        return .held(by: try Self.holder(of: path))
    }

    private static func attemptInTurn(_ path: FilePath, _ holder: String) throws(SystemError) -> FileLock? {
        do throws(Errno) {
            let owner = try OwnedDescriptor(
                opening: path, .readWrite, options: [.create, .noFollow], permissions: [.ownerReadWrite])
            let descriptor = owner.descriptor
            do throws(Errno) { _ = try systemCall { flock(descriptor.rawValue, LOCK_EX | LOCK_NB) } } catch {
                if error == .wouldBlock { return nil }
                throw error
            }
            try catchingErrno { try descriptor.resize(to: 0) }
            _ = try catchingErrno { try descriptor.writeAll(toAbsoluteOffset: 0, Array("\(holder)\n".utf8)) }
            return FileLock(owning: owner.release())
        } catch {
            throw .file("locking", path, error)
        }
    }

    private static func holder(of path: FilePath) throws(SystemError) -> String? {
        let bytes = try FileBytes.readIfPresent(path, limit: 4096) ?? []
        let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return line.isEmpty ? nil : line
    }

    private init(owning file: FileDescriptor) { self.file = file }

    deinit { try? file.close() }
}
