import ImageModel
import SystemPackage

/// Says why an image could not be fetched or copied, apart from what the source and the disk say themselves.
package struct FetchError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of failure it is; decides the exit status.
    package enum Kind: Equatable, Sendable {
        /// The staging folder's filesystem is too small.
        case noSpace(needed: Int, free: Int)
        /// The policy forbids to fetch the whole root file.
        case fullDownloadForbidden
        /// What was received or read is not what its digest says.
        case corrupted
        /// The image's documents contradict each other or are missing.
        case unusable
    }

    /// What kind of failure it is.
    package var kind: Kind
    /// What was being done.
    package var operation: String
    /// To what.
    package var subject: String
    /// Why it failed.
    package var cause: String
    /// What the operator can do.
    package var remedy: String

    /// One line: operation, subject, cause and remedy.
    package var description: String { "\(operation) \(subject): \(cause). \(remedy)" }

    static func noSpace(_ folder: FilePath, needed: Int, free: Int) -> FetchError {
        FetchError(
            kind: .noSpace(needed: needed, free: free), operation: "reserving space in", subject: folder.string,
            cause: "\(needed) bytes are needed and \(free) are free",
            remedy: "Remove what no longer is needed there, or use a larger partition")
    }

    static func fullDownloadForbidden(_ file: ImageFile, _ cause: String, bytes: Int) -> FetchError {
        FetchError(
            kind: .fullDownloadForbidden, operation: "fetching", subject: file.rawValue,
            cause: "\(cause), so all \(bytes) bytes would have to be fetched, which the policy forbids",
            remedy: "Allow it once on a link that is not metered, or change the policy full-download")
    }

    static func corrupted(_ operation: String, _ subject: String, _ cause: String) -> FetchError {
        FetchError(
            kind: .corrupted, operation: operation, subject: subject, cause: cause,
            remedy: "Try again; if it stays so, publish the image again or check the disk's health")
    }

    static func unusable(_ subject: String, _ cause: String) -> FetchError {
        FetchError(
            kind: .unusable, operation: "reading", subject: subject, cause: cause,
            remedy: "Publish the image again with 'boatyard image publish'")
    }
}
