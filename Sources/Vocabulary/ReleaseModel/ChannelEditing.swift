import DocumentTree
package import Faults

// What an operator does to a channel's document, each with what is worth knowing afterwards. What would take machines
// back, or keep them from a newer release, is refused or said.

/// What became of a release of a channel.
package struct ChannelChange: Equatable, Sendable {
    /// The release as it is now; as it was, when it was removed.
    package var release: ChannelRelease
    /// What is worth knowing, a sentence each.
    package var remarks: [String]
}

extension ChannelDocument {
    /// The release that an operator names: its version, or the sequence where no release has that version.
    ///
    /// - Parameter operation: what is done with it, as a verb in -ing form.
    /// - Throws: `Refusal` when there is none, or more than one.
    package func release(named text: String, for operation: String) throws(Refusal) -> ChannelRelease {
        let named = releases.filter { $0.version == text }
        if let found = named.first ?? releases.first(where: { String($0.sequence) == text }), named.count < 2 {
            return found
        }
        guard named.isEmpty else {
            let sequences = named.map { String($0.sequence) }.sorted().joined(separator: ", ")
            throw refusal(
                .impossible, operation, text,
                "\(named.count) releases have that version, with the sequences \(sequences)",
                "Name one by its sequence.")
        }
        let nearest = releases.map(\.version).nearest(to: text)
        throw refusal(
            .notFound, operation, text,
            releases.isEmpty ? "the channel has no releases" : "there is none of that version",
            nearest.map { "Did you mean \($0)?" } ?? "See `boatyard channel show`, which lists them.")
    }

    /// Takes over a release of another channel, or another rollout of one that was taken over before.
    ///
    /// - Parameters:
    ///   - text: the release's version or sequence.
    ///   - source: the other channel.
    ///   - rollout: percent of the machines that get it; nil leaves what this channel has, else all.
    /// - Throws: `Refusal` when the release was withdrawn, or contradicts one that is here.
    package mutating func promote(
        _ text: String, from source: ChannelDocument, rollout: Int?
    ) throws(Refusal) -> ChannelChange {
        let operation = "promoting"
        var release = try source.release(named: text, for: operation)
        if let reason = release.withdrawn {
            throw source.refusal(
                .impossible, operation, text, "it was withdrawn: \(reason)", "Promote a release that mends it.")
        }
        let known = releases.first { $0.sequence == release.sequence }
        try checkPromoted(release, known, operation)
        release.rollout = rollout ?? known?.rollout ?? 100
        let place = remarks(onPlaceOf: release, from: source)
        let change = add(release)
        return ChannelChange(release: release, remarks: place + change.remarks)
    }

    /// Puts a release in, or in the place of the one with its sequence, also of one that was withdrawn.
    package mutating func add(_ release: ChannelRelease) -> ChannelChange {
        let before = self
        releases.removeAll { $0.sequence == release.sequence }
        releases.append(release)
        releases.sort { $0.sequence < $1.sequence }
        let known = before.releases.first { $0.sequence == release.sequence }
        var remarks = before.remarks(on: release, known: known)
        if known?.withdrawn == nil { remarks += narrowed(release, from: known?.rollout) }
        return ChannelChange(release: release, remarks: remarks + stranding(since: before))
    }

    private func checkPromoted(
        _ release: ChannelRelease, _ known: ChannelRelease?, _ operation: String
    ) throws(Refusal) {
        if let reason = known?.withdrawn {
            throw refusal(
                .impossible, operation, release.version, "it was withdrawn here: \(reason)",
                "Promote a release that mends it, or remove this one first.")
        }
        if let known, known.digest != release.digest {
            throw refusal(
                .impossible, operation, release.version,
                "sequence \(release.sequence) is \(known.version) here, with another digest",
                "Give the newer image a higher sequence.")
        }
        if let other = releases.first(where: { $0.version == release.version && $0.sequence != release.sequence }) {
            throw refusal(
                .impossible, operation, release.version,
                "the channel has that version with sequence \(other.sequence), and this one has \(release.sequence)",
                "Give every release a version of its own.")
        }
    }

    /// What is worth knowing of a release that comes into this channel, where one of its sequence may be known.
    private func remarks(on release: ChannelRelease, known: ChannelRelease?) -> [String] {
        var remarks: [String] = []
        if let newest = newestOffered, newest.sequence > release.sequence {
            remarks.append(
                "\(name) has \(newest.version) already, which is newer: machines that have it do not go back to "
                    + "\(release.version)")
        }
        if let known, known.digest != release.digest {
            remarks.append(
                "sequence \(known.sequence) was another image: machines that have that one do not take \(release.version)"
            )
        }
        return remarks
    }

    /// Says when the place of a release's image depends on that of its channel.
    private func remarks(onPlaceOf release: ChannelRelease, from source: ChannelDocument) -> [String] {
        guard release.reference.map({ !$0.hasPrefix("oci://") }) ?? true else { return [] }
        return [
            "\(release.version) says where its image is by the place of its channel: publish \(name) in the "
                + "repository of \(source.name)"
        ]
    }

    /// The newest release that was not withdrawn.
    package var newestOffered: ChannelRelease? {
        releases.filter { $0.withdrawn == nil }.max { $0.sequence < $1.sequence }
    }

    func refusal(
        _ kind: RefusalKind, _ operation: String, _ version: String, _ cause: String, _ remedy: String
    ) -> Refusal {
        Refusal(kind, operation, "release \(version) of channel \(name)", cause: cause, remedy: remedy)
    }
}
