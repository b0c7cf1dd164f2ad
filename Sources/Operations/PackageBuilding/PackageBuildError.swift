package import Faults
import ImageModel
import LinuxSystem
import PackageSpecs
import SystemPackage

/// Says why a package could not be built.
package typealias PackageBuildError = Fault<PackageBuildFault>

/// Names why a package could not be built.
package enum PackageBuildFault: FaultKind {
    /// A step did not succeed.
    case step
    /// A file of the package's folder, or a secret, is not as it should be.
    case folder
    /// A download is not what its digest says, or cannot be had.
    case download
    /// The lock does not say which image or download is meant.
    case lock
    /// What the artefact is to be taken from is not there.
    case artefact
    /// The layer asks for what no build does.
    case unsupported
}

extension PackageBuildError {
    /// The lines of a log that are said.
    private static let shownLines = 4

    /// - Parameter entry: the words of a command that enters the container; empty when it is gone.
    static func step(
        _ step: Located<String>, _ outcome: ChildProcess.Outcome, log: FilePath, entry: [String] = []
    ) -> PackageBuildError {
        let end = end(of: log)
        let way = entry.isEmpty ? "" : "; until the next build, '\(entry.joined(separator: " "))' enters its container"
        return PackageBuildError(
            .step, "running the step at", "\(step.place)", cause: "\(outcome.termination)\(end)",
            remedy: end.contains("exec /bin/sh: no such file")
                ? "What it is built on has no /bin/sh: name a package or an image with a shell in 'build.from'."
                : "Correct the step; all that it printed is in \(log)\(way).")
    }

    static func containerfile(
        _ file: Located<FilePath>, _ outcome: ChildProcess.Outcome, log: FilePath
    )
        -> PackageBuildError
    {
        PackageBuildError(
            .step, "building", "\(file.value)", cause: "\(outcome.termination)\(end(of: log))",
            remedy: "Correct the file; all that was printed is in \(log).")
    }

    /// The last lines of a log, for the error itself: who builds by a service sees nothing else.
    private static func end(of log: FilePath) -> String {
        let text = (try? FileTail.lines(of: log, atMost: shownLines)) ?? []
        return text.isEmpty ? "" : "; it ended with: \(text.joined(separator: " / "))"
    }

    static func changedMeanwhile(_ folder: FilePath, _ path: String) -> PackageBuildError {
        PackageBuildError(
            .folder, "reading", "\(folder)", cause: "\(path) changed meanwhile", remedy: "Run the build again.")
    }

    static func noSecret(_ secret: BuildSecret, _ cause: String) -> PackageBuildError {
        PackageBuildError(
            .folder, "reading the secret", secret.name, cause: "\(secret.place): \(cause)",
            remedy: "Make it readable, or take it out of 'build.secrets'.")
    }

    static func notLocked(_ what: String, _ name: String, _ place: SpecPlace) -> PackageBuildError {
        PackageBuildError(
            .lock, "building with", "\(what) \(name)", cause: "\(place): it is not in \(LockFile.fileName)",
            remedy: "Run 'boatyard lock', which notes what it is now.")
    }

    static func otherDownload(_ fetch: BuildFetch, _ digest: Digest, _ expected: Digest) -> PackageBuildError {
        PackageBuildError(
            .download, "fetching", fetch.url,
            cause: "\(fetch.place): it has the SHA-256 \(digest.hex), and \(expected.hex) is expected",
            remedy:
                "Ask who publishes it; when the change is meant, write the new one, or run 'boatyard lock --update'.")
    }

    static func offlineDownload(_ fetch: BuildFetch) -> PackageBuildError {
        PackageBuildError(
            .download, "fetching", fetch.url,
            cause: "\(fetch.place): it is not in the cache, and --offline asks nobody",
            remedy: "Run it once without --offline.")
    }

    static func noFolder(_ folder: FilePath, _ place: SpecPlace) -> PackageBuildError {
        PackageBuildError(
            .artefact, "taking the artefact from", "\(folder)",
            cause: "\(place): the build has left no such folder",
            remedy: "Let the last step make it, or correct 'artefact.directory'.")
    }
}

/// Reads the end of a file.
enum FileTail {
    private static let limit = 16 * 1024

    /// The last lines, as text.
    ///
    /// - Throws: `SystemError` when the file cannot be read.
    static func lines(of path: FilePath, atMost count: Int) throws(SystemError) -> [String] {
        let size = try FileStatus.of(path)?.size ?? 0
        let start = max(0, size - Int64(limit))
        let bytes = try FileRange.read(path, at: start, count: Int(size - start))
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(count).map(String.init)
    }
}
