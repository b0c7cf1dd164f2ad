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
    /// - Parameter staysOnDevice: end with an error at what another filesystem is mounted on, instead of emptying that.
    /// - Throws: `SystemError`; what was removed until then is gone.
    static func empty(
        _ path: FilePath, staysOnDevice: Bool = false, _ whileRemoving: () -> Void = {}
    ) throws(SystemError) {
        var mover: FolderMover
        do throws(Errno) {
            mover = try FolderMover(into: try FolderStream(opening: path), staysOnDevice: staysOnDevice)
        } catch { throw .file("emptying", path, error) }
        do throws(Errno) { while try mover.removeOnce(whileRemoving) {} } catch {
            throw .file("emptying", path.appending(mover.foreign ?? ""), error)
        }
    }
}

/// Empties one folder, round by round.
private struct FolderMover: ~Copyable {
    private var top: FolderStream
    private var moved = 0
    /// The only device whose files are removed; nil for any.
    private let device: UInt64?
    /// The folder that is on another one.
    private(set) var foreign: String?

    init(into top: consuming FolderStream, staysOnDevice: Bool) throws(Errno) {
        device = staysOnDevice ? try top.device : nil
        self.top = top
    }

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
        if let device, try inner.device != device {
            foreign = unsafe String(cString: folder)
            throw .improperLink
        }
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

extension FolderStream {
    /// The device of its filesystem.
    fileprivate var device: UInt64 {
        get throws(Errno) { try FileStamp.of(FileDescriptor(rawValue: descriptor)).device }
    }

    /// Removes what is no folder; false for a folder.
    @unsafe
    fileprivate func removeFile(_ name: UnsafePointer<CChar>) throws(Errno) -> Bool {
        let descriptor = self.descriptor
        do throws(Errno) {
            _ = try systemCall { unsafe unlinkat(descriptor, name, 0) }
            return true
        } catch {
            if error == .isDirectory { return false }
            throw error
        }
    }

    @unsafe
    fileprivate func removeFolder(_ name: UnsafePointer<CChar>) throws(Errno) {
        let descriptor = self.descriptor
        _ = try systemCall { unsafe unlinkat(descriptor, name, AT_REMOVEDIR) }
    }

    /// Takes a folder over from another one under a new name.
    @unsafe
    fileprivate func take(_ name: UnsafePointer<CChar>, of other: borrowing FolderStream, as new: String) throws(Errno)
    {
        let (from, to) = (other.descriptor, descriptor)
        _ = try systemCall { unsafe renameat(from, name, to, new) }
    }
}
