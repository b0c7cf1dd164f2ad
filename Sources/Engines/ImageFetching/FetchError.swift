package import Faults
import ImageModel
import SystemPackage

/// Says why an image could not be fetched or copied, apart from what the source and the disk say themselves.
package typealias FetchError = Fault<FetchFault>

/// Names what kind of failure of a fetch or copy it is.
package enum FetchFault: FaultKind {
    /// The staging folder's filesystem is too small.
    case noSpace(needed: Int, free: Int)
    /// The policy forbids to fetch the whole root file.
    case fullDownloadForbidden
    /// What was received or read is not what its digest says.
    case corrupted
    /// The image's documents contradict each other or are missing.
    case unusable

    /// All but documents that cannot be used have a status of their own.
    package var refusal: RefusalKind? {
        switch self {
        case .noSpace: .space
        case .fullDownloadForbidden: .fullDownload
        case .corrupted: .mismatch
        case .unusable: nil
        }
    }
}

extension FetchError {
    static func noSpace(_ folder: FilePath, needed: Int, free: Int) -> FetchError {
        FetchError(
            .noSpace(needed: needed, free: free), "reserving space in", folder.string,
            cause: "\(ByteText.megabytes(needed)) MB are needed and \(ByteText.megabytes(free)) MB are free",
            remedy: "Remove what no longer is needed there, or use a larger partition.")
    }

    static func fullDownloadForbidden(_ file: ImageFile, _ cause: String, bytes: Int) -> FetchError {
        FetchError(
            .fullDownloadForbidden, "fetching", file.rawValue,
            cause: "\(cause), so all \(bytes) bytes would have to be fetched, which the policy forbids",
            remedy: "Allow it once on a link that is not metered, or change the policy full-download.")
    }

    static func corrupted(_ operation: String, _ subject: String, _ cause: String) -> FetchError {
        FetchError(
            .corrupted, operation, subject, cause: cause,
            remedy: "Try again; if it stays so, publish the image again or check the disk's health.")
    }

    static func unusable(_ subject: String, _ cause: String) -> FetchError {
        FetchError(
            .unusable, "reading", subject, cause: cause,
            remedy: "Publish the image again with 'boatyard image publish'.")
    }
}
