import Archives
import ImageModel
import LinuxSystem
import SystemPackage

/// Makes a squashfs out of a tar stream by the program `tar2sqfs` (squashfs-tools-ng), which needs no privileges.
enum ImageSquashfs {
    private static let program = "tar2sqfs"

    /// Collects small writes on their way into a pipe.
    private final class PipeBuffer {
        private static let limit = 256 << 10
        private let pipe: FileDescriptor
        private var bytes: [UInt8] = []

        init(_ pipe: FileDescriptor) { self.pipe = pipe }

        func write(_ more: [UInt8]) throws(ArchiveError) {
            bytes += more
            if bytes.count >= Self.limit { try flush() }
        }

        func flush() throws(ArchiveError) {
            do {
                try pipe.writeAll(bytes)
            } catch {
                throw .sink(program, "\(error)")
            }
            bytes.removeAll(keepingCapacity: true)
        }
    }

    /// Runs `tar2sqfs` and gives a body the writer of its input; returns what the body returns.
    ///
    /// - Parameter time: the time of the filesystem and of folders that no entry describes.
    /// - Throws: what the body throws; `ProcessError` with the program's own words when it fails.
    static func make<Result>(
        _ file: FilePath, _ request: ImageRequest, time: UTCTime, _ body: (PaxWriter) throws -> Result
    ) throws -> Result {
        let arguments = [
            "--quiet", "--no-skip", "--compressor", "zstd", "--comp-extra", "level=\(request.compressionLevel)",
            "--block-size", "\(request.blockSize)", "--defaults", "uid=0,gid=0,mode=0755,mtime=\(time.seconds)",
            file.string,
        ]
        let child = try ChildProcess.spawn(program, arguments)
        guard let input = child.standardInput else { throw ImageBuildError.file("writing", file, .brokenPipe) }
        let buffer = PipeBuffer(input)
        let result = Swift.Result<Result, any Error> {
            let result = try body(PaxWriter { bytes throws(ArchiveError) in try buffer.write(bytes) })
            try buffer.flush()
            return result
        }
        let outcome = try child.wait()
        switch result {
        case .success(let value):
            try outcome.requireSuccess()
            return value
        case .failure(let error):
            // When the program is gone, what it said is the cause.
            if (error as? ArchiveError)?.subject == program { try outcome.requireSuccess() }
            throw error
        }
    }
}
