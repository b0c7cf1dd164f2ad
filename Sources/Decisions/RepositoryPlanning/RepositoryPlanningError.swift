package import Faults

/// Says why a repository of packages is not read, or not written as somebody asked.
package typealias RepositoryPlanningError = Fault<RepositoryPlanningFault>

/// Names what is wrong.
package enum RepositoryPlanningFault: FaultKind {
    /// The same package with other content.
    case clash
    /// More packages than an index may name, or a name that is too long.
    case limit
    /// The index is no longer good.
    case expired
    /// The index is older than one that was seen.
    case older
    /// The history of the index is not the one that was seen.
    case history
    /// It is another repository than the one that was seen.
    case name
    /// What was asked for is not in the repository.
    case absent
    /// What is to be removed is required by what stays.
    case needed
    /// What remembers earlier indexes is damaged.
    case memory

    /// The reason for programs.
    package var refusal: RefusalKind? {
        switch self {
        case .expired: .channelExpired
        case .older: .channelOlder
        case .history: .mismatch
        case .name: .product
        case .absent: .notFound
        case .clash, .limit, .needed, .memory: nil
        }
    }
}
