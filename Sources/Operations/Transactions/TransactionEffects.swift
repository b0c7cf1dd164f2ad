package import ImageModel
import LinuxSystem
package import Plans
package import RegistryModel

/// Everything an operation does to the machine; the live one does it, the one in the tests only says so.
package protocol TransactionEffects: CommitEffects, ~Copyable where Progress == StepProgress {}

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
        if isCancelled() { throw CancellationRequest(isOverdue: Interruption.isOverdue) }
    }
}

extension StepProgress: CommitProgress {
    /// Tells that a step begins.
    package func begin(_ number: Int, of count: Int, _ action: some PlannedAction) {
        observer(.step(number, of: count, name: action.name, subject: action.subject))
    }

    /// Tells what is worth knowing.
    package func note(_ sentence: String) { observer(.note(sentence)) }

    /// Tells what went wrong.
    package func warn(_ sentence: String) { observer(.warning(sentence)) }

    /// Tells that the new state counts.
    package func committed() { observer(.committed) }

    /// The same observer, and nobody cancels.
    package var withoutCancellation: StepProgress { StepProgress(observer: observer, isCancelled: { false }) }
}

/// What an operation tells while it runs; rendered for a terminal, as lines, or as JSON.
package enum TransactionEvent: Equatable, Sendable {
    /// A step begins: its number from 1, how many there are, its action's name and subject.
    case step(Int, of: Int, name: String, subject: String)
    /// How far the step is.
    case progress(TransferProgress)
    /// Something that is worth knowing.
    case note(String)
    /// Something that went wrong and did not stop the operation.
    case warning(String)
    /// The commit is on the disk: from now on the new state counts.
    case committed
}

/// Takes the events of an operation.
package typealias TransactionObserver = (TransactionEvent) -> Void
