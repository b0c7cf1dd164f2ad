package import RegistryModel

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
