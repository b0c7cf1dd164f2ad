package import Faults

extension ChannelDocument {
    /// Compares the document with the one that machines follow now, before it takes that one's place.
    ///
    /// - Returns: what becomes of machines, a sentence each, where an operator may not expect it.
    /// - Throws: `Refusal` when machines would refuse this document.
    package func check(replacing published: ChannelDocument) throws(Refusal) -> [String] {
        guard name == published.name else {
            throw Refusal(
                .product, "publishing", "channel \(name)",
                cause: "the tag has the channel \(published.name), and machines that follow it refuse another",
                remedy: "Check file and tag, or add --replace.")
        }
        guard issued >= published.issued else {
            throw Refusal(
                .channelOlder, "publishing", "channel \(name)",
                cause: "what is published was issued \(published.issued), and this machine's clock says \(issued)",
                remedy: "Set the clock: machines refuse what is older than the last that they saw.")
        }
        return lost(since: published) + reoffered(since: published) + stranding(since: published)
    }

    /// Says when the newest release is gone without a withdrawal.
    private func lost(since published: ChannelDocument) -> [String] {
        guard let newest = published.newestOffered else { return [] }
        let offered = newestOffered
        guard offered.map({ $0.sequence < newest.sequence }) ?? true else { return [] }
        let isKnown = releases.contains { $0.sequence == newest.sequence }
        if !isKnown { return ["\(newest.version) is published and not in the file: no more machines get it"] }
        return offered == nil ? ["\(name) offers no release any more"] : []
    }

    /// Says when the file does not know of a withdrawal that machines know of.
    private func reoffered(since published: ChannelDocument) -> [String] {
        published.releases.compactMap { old in
            let isOffered = releases.contains { $0.sequence == old.sequence && $0.withdrawn == nil }
            guard let reason = old.withdrawn, isOffered else { return nil }
            return "\(old.version) is offered again, which was withdrawn: \(reason)"
        }
    }
}
