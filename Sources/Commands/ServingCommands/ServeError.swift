import Faults

/// Says why serving ended.
typealias ServeError = Fault<ServeFault>

/// Names why serving ended.
enum ServeFault: FaultKind {
    /// The server ended, and nobody had told it to.
    case ended
}

extension ServeError {
    private static let operation = "serving"

    static var ended: ServeError {
        ServeError(
            .ended, operation, "", cause: "the server ended, though nobody told it to", remedy: "Start it again.")
    }

    static var noThread: ServeError {
        ServeError(
            .ended, operation, "", cause: "the system has no thread left",
            remedy: "End other programs, then start it again.")
    }
}
