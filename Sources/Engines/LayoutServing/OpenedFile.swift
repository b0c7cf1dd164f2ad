import LinuxSystem
import SystemPackage
import WebMessages

/// A regular file that stays open while clients take it, so that one that is replaced meanwhile is given whole.
final class OpenedFile: WebContent {
    /// What tells it from every other, its size among that.
    let stamp: FileStamp
    private let file: OwnedDescriptor
    private let path: FilePath

    /// Opens a file below a folder; nil when there is none of that name, also when a link has it or leads to it from outside.
    ///
    /// - Throws: `SystemError` when it is not known whether it is there.
    init?(_ name: FilePath, in folder: borrowing DirectoryHandle) throws(SystemError) {
        let path = folder.path.pushing(name)
        let opened: OwnedDescriptor
        do throws(SystemError) { opened = try folder.regularFile(name) } catch {
            // Without a number: it is no regular file.
            guard let errno = error.errno, !Self.absences.contains(errno) else { return nil }
            throw error
        }
        do throws(Errno) { stamp = try opened.use { (file) throws(Errno) in try FileStamp.of(file) } } catch {
            throw .file("looking at", path, error)
        }
        file = opened
        self.path = path
    }

    private static let absences: [Errno] = [
        .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels, .improperLink, .fileNameTooLong,
        .noSuchAddressOrDevice,
    ]

    /// Bytes in it.
    var size: Int { Int(stamp.size) }

    /// What tells its content from every other that ever had its name.
    var tag: String {
        [UInt64(stamp.size), stamp.inode, UInt64(bitPattern: stamp.changed)].map { String($0, radix: 16) }
            .joined(separator: "-")
    }

    func bytes(at offset: Int, count: Int) throws(SystemError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        do throws(Errno) {
            // Shorter than it was: somebody cut it.
            guard try FileBlock.read(file.descriptor, into: &buffer, count: count, at: offset) == count else {
                throw .ioError
            }
        } catch { throw .file("reading", path, error) }
        return buffer
    }
}
