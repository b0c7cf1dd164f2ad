import LinuxSystem
import SystemPackage

/// Writes a file from its start to its end, piece by piece.
struct NewFile: ~Copyable {
    private let path: FilePath
    private let file: OwnedDescriptor

    /// Opens the file.
    ///
    /// - Throws: `SystemError` when it cannot be made.
    init(_ path: FilePath, options: FileDescriptor.OpenOptions, permissions: FilePermissions) throws(SystemError) {
        self.path = path
        do throws(Errno) {
            file = try OwnedDescriptor(
                opening: path, .writeOnly, options: options.union(.create), permissions: permissions)
        } catch {
            throw .file("making", path, error)
        }
    }

    /// Writes the next bytes.
    func append(_ bytes: Span<UInt8>) throws(SystemError) {
        do throws(Errno) { try FileBlock.write(bytes, to: file.descriptor) } catch {
            throw .file("writing", path, error)
        }
    }

    /// Flushes and closes it, and reports what only that shows.
    consuming func finish() throws(SystemError) {
        let path = path
        do throws(Errno) { try file.close() } catch { throw .file("writing", path, error) }
        try Folders.flushEntry(path)
    }
}
