/// Says what this machine accepts without being asked; the key `policy` of the configuration.
package struct Policy: Equatable, Sendable {
    /// Whether something is done or refused.
    package enum Verdict: String, CaseIterable, Sendable {
        /// It is done.
        case allow
        /// It is refused.
        case refuse
    }

    /// Images and channels without a signature (`unsigned`).
    package var unsigned = Verdict.refuse
    /// Container images, whose boot image is made and signed on this machine (`local-images`).
    package var localImages = Verdict.allow
    /// Images with a lower sequence than the installed one (`downgrade`).
    package var downgrade = Verdict.refuse
    /// Fetching an image as a whole where a delta was expected (`full-download`).
    package var fullDownload = Verdict.allow
    /// Giving up the passive image where three images do not fit (`give-up-passive`).
    package var givingUpPassive = Verdict.refuse
    /// The name of this machine's board; nil when nothing says it, and then the firmware is asked (`board`).
    package var board: String?

    /// The policy of a machine without a configuration.
    package init() {}
}
