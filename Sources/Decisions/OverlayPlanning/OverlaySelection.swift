import ImagePlanning

/// Which of the overlays with the same name counts.
struct OverlaySelection {
    /// The overlay that counts; nil when none may.
    private(set) var chosen: OverlayCandidate?
    /// Those that do not count because of it.
    private(set) var replaced: [OverlayCandidate] = []
    /// Those that a sealed machine passes over, with the reason: whoever writes OEM must not take the image's away with them.
    private(set) var untrusted: [(candidate: OverlayCandidate, reason: String)] = []

    /// Chooses: OEM's before the image's, the newest version, the first file in byte order.
    init(_ candidates: [OverlayCandidate], _ judge: OverlayJudge) {
        for candidate in candidates.sorted(by: Self.counts) {
            if judge.facts.host.isSealed, let reason = judge.untrusted(candidate) {
                untrusted.append((candidate, reason))
            } else if chosen == nil {
                chosen = candidate
            } else {
                replaced.append(candidate)
            }
        }
    }

    private static func counts(_ one: OverlayCandidate, before other: OverlayCandidate) -> Bool {
        let (first, second) = (one.source, other.source)
        if first.folder != second.folder { return first.folder == .oem }
        let versions = (KernelVersion(first.file.version ?? ""), KernelVersion(second.file.version ?? ""))
        if versions.0 != versions.1 { return versions.0 > versions.1 }
        return first.file.fileName.utf8.lexicographicallyPrecedes(second.file.fileName.utf8)
    }
}
