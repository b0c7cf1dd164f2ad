/// How old an image is among others: by its sequence, or by when it was made.
///
/// What nobody has counted, such as a container image without a label, has the time at which it was made as its sequence
/// (`ManifestDraft`), which is larger than any count. The two kinds of numbers are never compared with each other.
package struct ImageAge: Equatable, Sendable {
    /// The manifest's sequence.
    package var sequence: Int64
    /// When it was made, in seconds since 1970; nil when nobody knows.
    package var created: Int64?

    /// Describes an image.
    package init(sequence: Int64, created: Int64?) {
        self.sequence = sequence
        self.created = created
    }

    /// Whether somebody gave it a sequence.
    package var isCounted: Bool { sequence != created }

    /// Whether it is newer than another one; nil when that cannot be told.
    package func isNewer(than other: ImageAge) -> Bool? {
        if isCounted == other.isCounted { return sequence > other.sequence }
        guard let created, let otherCreated = other.created else { return nil }
        return created > otherCreated
    }
}
