package import Faults

/// Says why no answer could be found.
package typealias SolverError = Fault<SolverFault>

/// Names the ways in which solving can fail; that requests cannot be had together is an answer, not a failure.
package enum SolverFault: FaultKind {
    /// There are too many versions and relations.
    case size
    /// The library refused to work.
    case library
}

extension Fault where Kind == SolverFault {
    static var size: SolverError {
        SolverError(
            .size, "choosing", "packages", cause: "the repositories have too many versions of what is needed",
            remedy: "Prune old versions from them, or ask for narrower ranges.")
    }

    static var library: SolverError {
        SolverError(
            .library, "choosing", "packages", cause: "libsolv could not begin", remedy: "Free memory and try again.")
    }
}
