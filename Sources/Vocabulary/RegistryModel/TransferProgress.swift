/// How far a transfer or another long step is, for people and programs.
package struct TransferProgress: Equatable, Sendable {
    /// What is being done, as a verb in -ing form with its subject: `fetching root.squashfs`.
    package var activity: String
    /// Bytes done.
    package var done: Int
    /// Bytes in all; nil when nobody knows.
    package var total: Int?

    /// States progress.
    package init(_ activity: String, done: Int, total: Int? = nil) {
        self.activity = activity
        self.done = done
        self.total = total
    }
}
