import Glibc
import SystemPackage

/// Empties a folder that somebody else may have filled: names of any bytes, at any depth, with three open descriptors.
///
/// A folder in a folder is moved up to the top before it is emptied, so that nothing ever has a long path or is deep.
enum TreeRemoval {
    /// Removes everything in a folder.
    ///
    /// The corresponding C functions are `unlinkat`, `renameat` and `readdir`.
    ///
    /// - Throws: `SystemError`; what was removed until then is gone.
    static func empty(_ path: FilePath, _ whileRemoving: () -> Void = {}) throws(SystemError) {
        do throws(Errno) {
            var mover = FolderMover(into: try FolderStream(opening: path))
            while try mover.removeOnce(whileRemoving) {}
        } catch { throw .file("emptying", path, error) }
    }
}

/// Empties one folder, round by round.
private struct FolderMover: ~Copyable {
    private var top: FolderStream
    private var moved = 0

    init(into top: consuming FolderStream) { self.top = top }

    /// Removes what is in the folder now, except that the folders of its folders are moved into it; false when it is empty.
    mutating func removeOnce(_ whileRemoving: () -> Void) throws(Errno) -> Bool {
        var found = false
        top.rewind()
        while let name = unsafe try top.next() {
            found = true
            if unsafe try top.removeFile(name) { continue }
            try unsafe lift(name)
            whileRemoving()
        }
        return found
    }

    /// Empties a folder of the top, whose own folders move up, and removes it.
    private mutating func lift(_ folder: UnsafePointer<CChar>) throws(Errno) {
        var inner = try unsafe FolderStream(opening: folder, in: top)
        while let name = unsafe try inner.next() {
            if unsafe try inner.removeFile(name) { continue }
            try unsafe moveUp(name, of: inner)
        }
        try unsafe top.removeFolder(folder)
    }

    /// Gives a folder a free name in the top folder.
    private mutating func moveUp(_ name: UnsafePointer<CChar>, of inner: borrowing FolderStream) throws(Errno) {
        while true {
            moved += 1
            do throws(Errno) { return try unsafe top.take(name, of: inner, as: ".removed-\(moved)") } catch {
                guard [.fileExists, .directoryNotEmpty, .notDirectory].contains(error) else { throw error }
            }
        }
    }
}

/// Reads a folder's names as the bytes that they are.
@safe
private struct FolderStream: ~Copyable {
    private let stream: OpaquePointer

    init(opening path: FilePath) throws(Errno) {
        unsafe stream = try Self.stream(of: try systemCall { unsafe Glibc.open(path.string, Self.flags) })
    }

    @unsafe
    init(opening name: UnsafePointer<CChar>, in folder: borrowing FolderStream) throws(Errno) {
        let descriptor = unsafe dirfd(folder.stream)
        unsafe stream = try Self.stream(of: try systemCall { unsafe openat(descriptor, name, Self.flags) })
    }

    private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    @unsafe
    private static func stream(of descriptor: CInt) throws(Errno) -> OpaquePointer {
        guard let stream = unsafe fdopendir(descriptor) else {
            let code = Errno(rawValue: errno)
            Glibc.close(descriptor)
            throw code
        }
        return unsafe stream
    }

    /// Starts over, with what was added meanwhile.
    mutating func rewind() { unsafe rewinddir(stream) }

    /// The next name except `.` and `..`, valid until the next call; nil at the end.
    @unsafe
    mutating func next() throws(Errno) -> UnsafePointer<CChar>? {
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else { throw Errno(rawValue: errno) }
                return nil
            }
            let name = unsafe UnsafeRawPointer(entry).advanced(by: MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
                .assumingMemoryBound(to: CChar.self)
            if unsafe strcmp(name, ".") != 0, unsafe strcmp(name, "..") != 0 { return unsafe name }
        }
    }

    /// Removes what is no folder; false for a folder.
    @unsafe
    func removeFile(_ name: UnsafePointer<CChar>) throws(Errno) -> Bool {
        let descriptor = unsafe dirfd(stream)
        do throws(Errno) {
            _ = try systemCall { unsafe unlinkat(descriptor, name, 0) }
            return true
        } catch {
            if error == .isDirectory { return false }
            throw error
        }
    }

    @unsafe
    func removeFolder(_ name: UnsafePointer<CChar>) throws(Errno) {
        let descriptor = unsafe dirfd(stream)
        _ = try systemCall { unsafe unlinkat(descriptor, name, AT_REMOVEDIR) }
    }

    /// Takes a folder over from another one under a new name.
    @unsafe
    func take(_ name: UnsafePointer<CChar>, of other: borrowing FolderStream, as new: String) throws(Errno) {
        let (from, to) = unsafe (dirfd(other.stream), dirfd(stream))
        _ = try systemCall { unsafe renameat(from, name, to, new) }
    }

    deinit { unsafe closedir(stream) }
}
