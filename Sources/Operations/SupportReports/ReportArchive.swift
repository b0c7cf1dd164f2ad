import Archives
import LinuxSystem
import SystemPackage
import TreeModel

/// Writes the files of a report as one `.tar.gz`, each as soon as it is known.
final class ReportArchive {
    private let output: ReportOutput
    private let compressor: Compressor
    private var writer: PaxWriter
    private let folder: String
    private let time: Int64

    /// Lets the writer of archives share the one stream that is compressed.
    private final class Compressor {
        var gzip: GzipWriter?

        init(_ output: ReportOutput) throws { gzip = try GzipWriter { output.take($0) } }

        func take(_ bytes: Span<UInt8>) throws(ArchiveError) { try gzip?.write(bytes) }
    }

    /// Begins an archive.
    ///
    /// - Parameters:
    ///   - folder: what all of its files lie in.
    ///   - time: when they were changed last, in seconds since 1970.
    /// - Throws: `ArchiveError` when libarchive cannot compress.
    init(_ output: ReportOutput, folder: String, time: Int64) throws {
        let compressor = try Compressor(output)
        self.compressor = compressor
        self.output = output
        self.folder = folder
        self.time = time
        writer = PaxWriter { (bytes) throws(ArchiveError) in try compressor.take(bytes) }
    }

    /// Adds a file.
    ///
    /// - Throws: `SystemError` when it cannot be written.
    func add(_ name: String, _ bytes: [UInt8]) throws {
        let path = EntryPath(components: [Array(folder.utf8)] + name.split(separator: "/").map { Array($0.utf8) })
        try naming {
            try writer.begin(
                ArchiveEntry(
                    path: path, kind: .regular(size: Int64(bytes.count)), permissions: 0o600, modified: time))
            try writer.write(bytes.span)
        }
    }

    /// Ends the archive, and makes it last.
    ///
    /// - Throws: `SystemError`; then there is none.
    func finish() throws {
        try naming {
            try writer.finish()
            try compressor.gzip?.finish()
        }
        try output.commit()
    }

    /// The compressor knows only that its output was not taken.
    private func naming(_ body: () throws -> Void) throws {
        do { try body() } catch { throw output.failure ?? error }
    }
}
