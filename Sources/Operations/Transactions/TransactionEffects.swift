package import ImageModel
package import RegistryModel
package import TransactionPlanning

/// Everything an operation does to the machine; the live one does it, the one in the tests only says so.
package protocol TransactionEffects: ~Copyable {
    /// What the steps of the operation do.
    associatedtype Action: PlannedAction

    /// Carries out one action.
    ///
    /// A long action asks `progress.check()` often, which throws when the operation is cancelled. An action can be
    /// carried out again after a cut or a failure, and then comes to the same end.
    ///
    /// - Returns: what is worth knowing besides, a sentence each.
    /// - Throws: the error of the layer that failed, with cause and remedy.
    mutating func perform(_ action: Action, progress: StepProgress) throws -> [String]

    /// Gives back what the operation holds (mounts, loop devices), whether it succeeded or not; what was staged stays.
    ///
    /// - Returns: what could not be given back, a sentence each.
    mutating func release() -> [String]
}

/// Lets an action say how far it is, and stop where it can.
package struct StepProgress {
    private let observer: TransactionObserver
    private let isCancelled: () -> Bool

    /// Joins an observer and the question whether to stop.
    package init(observer: @escaping TransactionObserver, isCancelled: @escaping () -> Bool) {
        self.observer = observer
        self.isCancelled = isCancelled
    }

    /// Nobody listens and nobody cancels.
    package static var silent: StepProgress { StepProgress(observer: { _ in }, isCancelled: { false }) }

    /// Says how far the action is, and stops it when the operation is cancelled.
    ///
    /// - Throws: `CancellationRequest`.
    package func report(_ progress: TransferProgress) throws {
        observer(.progress(progress))
        try check()
    }

    /// Says which file of an image is read and compared now, of so many bytes.
    ///
    /// - Throws: `CancellationRequest`.
    package func willCheck(_ file: ImageFile, _ size: Int) throws {
        try report(TransferProgress("checking \(file.rawValue)", done: 0, total: size))
    }

    /// Tells something.
    package func tell(_ event: TransactionEvent) { observer(event) }

    /// Stops the action when the operation is cancelled.
    ///
    /// - Throws: `CancellationRequest`.
    package func check() throws {
        if isCancelled() { throw CancellationRequest() }
    }
}

/// Ends what runs because somebody asked for it.
package struct CancellationRequest: Error, Equatable, Sendable, CustomStringConvertible {
    /// Makes a request.
    package init() {}

    /// A sentence without its end.
    package var description: String { "cancelled" }
}
