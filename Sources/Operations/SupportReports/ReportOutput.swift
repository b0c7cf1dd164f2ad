package import LinuxSystem
package import SystemPackage

/// Where a report goes: a file that has its name only once it is whole, or a stream.
package final class ReportOutput {
    /// Why something could not be written; nil as long as all was.
    package private(set) var failure: SystemError?
    private var file: PendingFile?
    private let stream: FileDescriptor?

    /// Begins a file that only its owner may read; what has its name stays until the report is whole.
    ///
    /// - Throws: `SystemError` when it cannot be made, or something else than a file has the name.
    package init(_ path: FilePath) throws {
        guard let name = path.lastComponent else { throw SystemError.file("writing", path, .isDirectory) }
        let there = try FileStatus.of(path, followingLinks: false)
        guard there.map({ $0.kind == .file }) ?? true else { throw SystemError.file("writing", path, .fileExists) }
        let folder = path.removingLastComponent()
        file = try PendingFile(
            name, in: DirectoryHandle(root: folder.isEmpty ? "." : folder), mode: 0o600, owner: ThisProcess.owner)
        stream = nil
    }

    /// Writes to a descriptor, which stays the caller's.
    package init(stream: FileDescriptor) {
        self.stream = stream
        file = nil
    }

    /// Takes the next bytes; false when they could not be written, and from then on.
    func take(_ bytes: Span<UInt8>) -> Bool {
        guard failure == nil else { return false }
        do throws(SystemError) {
            if let stream {
                do throws(Errno) { try FileBlock.write(bytes, to: stream) } catch {
                    throw .file("writing", "standard output", error)
                }
            } else {
                try file?.write(bytes)
            }
        } catch { failure = error }
        return failure == nil
    }

    /// Gives the file its name, once its bytes are on the disk.
    ///
    /// - Throws: `SystemError`; then there is no report.
    func commit() throws { if let file = file.take() { try file.commit() } }
}
