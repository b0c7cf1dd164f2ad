package import Faults
import PackageSelection

/// Says why no answer could be found.
package typealias SolverError = Fault<SolverFault>

/// Names the ways in which solving can fail.
package enum SolverFault: FaultKind {
    /// There are too many versions and relations.
    case size
    /// The library refused to work.
    case library
    /// The requests cannot be had together; an answer, unless nothing can be done without them.
    case refused
}

extension Fault where Kind == SolverFault {
    static var size: SolverError {
        SolverError(
            .size, "choosing", "packages", cause: "the repositories have too many versions of what is needed",
            remedy: "Prune old versions from them, or ask for narrower ranges.")
    }

    static func refused(_ problems: [SelectionProblem]) -> SolverError {
        let last = problems.last
        let sentences = problems.dropLast().map { "\($0) Besides, " }.joined() + (last?.cause ?? "")
        return SolverError(.refused, "choosing", "packages", cause: sentences, remedy: last?.remedy ?? "")
    }

    static var library: SolverError {
        SolverError(
            .library, "choosing", "packages", cause: "libsolv could not begin", remedy: "Free memory and try again.")
    }
}
