package import Faults

/// Says why packages were not published, read or fetched.
package typealias PackageRepositoryError = Fault<PackageRepositoryFault>

/// Names what is wrong.
package enum PackageRepositoryFault: FaultKind {
    /// A package's files or description that cannot be used.
    case package
    /// A folder that is no repository, or holds something else.
    case layout
    /// The index has no signature.
    case unsigned
    /// The index is signed by nobody who is trusted.
    case untrusted
    /// What a registry has is not what the index says.
    case content
    /// Others are at work in the repository.
    case busy
    /// A registry would have to be asked, and nobody may be.
    case offline

    /// The reason for programs.
    package var refusal: RefusalKind? {
        switch self {
        case .unsigned: .unsigned
        case .untrusted: .untrusted
        case .content: .mismatch
        case .busy: .busy
        case .package, .layout, .offline: nil
        }
    }
}
