import Faults

/// Says why a source gives nothing.
typealias DataSourceError = Fault<DataSourceFault>

/// Names why a source gives nothing.
enum DataSourceFault: FaultKind {
    /// There is nothing of it on this machine, or nobody answers.
    case absent
    /// It is there, and what it says is not what it should say.
    case wrong
    /// It did not answer before the deadline.
    case late
}

extension DataSourceError {
    static func absent(_ place: String, _ cause: String) -> DataSourceError {
        DataSourceError(.absent, "asking", place, cause: cause, remedy: "")
    }

    static func wrong(_ place: String, _ cause: String) -> DataSourceError {
        DataSourceError(.wrong, "asking", place, cause: cause, remedy: "")
    }

    static func late(_ place: String) -> DataSourceError {
        DataSourceError(.late, "asking", place, cause: "it did not answer in time", remedy: "")
    }
}
