/// Names the reasons for which an operation on this machine is refused or given up; each has an exit status of its own.
///
/// The words are stable: programs read them in `--json` output, and docs/events.md lists them.
package enum RefusalKind: String, CaseIterable, Sendable {
    /// The image or document has no signature.
    case unsigned
    /// It is signed, but by none of the trusted keys.
    case untrusted
    /// Its `sequence` is lower than that of the installed image.
    case downgrade
    /// It is made for another machine type.
    case architecture
    /// It is made for other boards.
    case board
    /// Its manifest has a schema that this agent does not know.
    case schema
    /// It needs a newer agent.
    case agent
    /// The channel document has expired.
    case channelExpired = "channel-expired"
    /// The channel document is older than the last one seen.
    case channelOlder = "channel-older"
    /// There is not enough room on a partition.
    case space
    /// It would have to be fetched as a whole, and the policy forbids that.
    case fullDownload = "full-download"
    /// The registry or file cannot be reached.
    case unreachable
    /// What was received does not match its digest.
    case mismatch
    /// Another operation is at work.
    case busy
    /// The registry would have to be asked over plain HTTP.
    case plainHTTP = "plain-http"
    /// There is nothing of that name.
    case notFound = "not-found"
    /// The registry refuses access.
    case accessDenied = "access-denied"
    /// A hook failed.
    case hook
    /// GRUB could not write `boot.env` at the last boot.
    case unsavable
    /// The disk is in use, or holds an installation.
    case diskInUse = "disk-in-use"
    /// The system that runs has the wrong role for this.
    case role
    /// It is another product than what is installed.
    case product
    /// The machine would not come up afterwards.
    case unbootable
    /// The time is over that the operation was given.
    case overdue
    /// It was cancelled by a signal.
    case cancelled
    /// It cannot be done for a reason without a status of its own.
    case impossible
}

extension RefusalKind {
    /// The reason behind any error: its own, else that of the error below it, and so on down the chain.
    ///
    /// `impossible` when none has one.
    package init(_ error: any Error) {
        var next: (any Error)? = error
        while let current = next as? any ClassifiedError {
            if let refusal = current.refusal {
                self = refusal
                return
            }
            next = current.underlying
        }
        self = .impossible
    }
}

extension RefusalKind: FaultKind {
    /// Itself: what refuses knows why.
    package var refusal: RefusalKind? { self }
}

/// Says what was refused or could not be done, with the reason that decides the exit status.
package typealias Refusal = Fault<RefusalKind>
