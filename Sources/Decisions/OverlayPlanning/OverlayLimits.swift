/// What the kernel takes in one overlay.
package struct OverlayLimits: Equatable, Sendable {
    /// Lower folders of one overlay, that of the image included (Linux, `OVL_MAX_STACK`).
    package var layers = 500
    /// Overlays that may lie in each other (Linux, `FILESYSTEM_MAX_STACK_DEPTH`).
    package var depth = 2
    /// Bytes that the options of mount(2) may have: a page without the zero at its end.
    package var optionBytes = 4095
    /// Bytes of them that are taken whatever the number of layers: the image's folder, what is writable, other options.
    package var otherBytes = 512
    /// Bytes that a layer takes in them at most: its path, and the colon after it.
    package var layerBytes = 40

    /// The limits of a kernel with pages of 4 KiB.
    package init() {}

    /// How many layers of ours fit over the image's folder; at least one.
    package var capacity: Int {
        let (room, overflow) = optionBytes.subtractingReportingOverflow(otherBytes)
        let named = overflow || room < 0 ? 0 : room / max(1, layerBytes)
        return max(1, min(named, layers <= 1 ? 1 : layers - 1))
    }
}

/// One layer of a hierarchy: an overlay, or several that are copied into one folder, each over the one before.
package struct OverlayLayer: Equatable, Sendable {
    /// The overlays from the bottom up.
    package let sources: [OverlaySource]

    /// Whether they must be copied; whiteouts and opaque folders of the upper ones take away what was copied before them, and
    /// stay in the copy for what lies below it.
    package var isMerged: Bool { sources.count > 1 }
}

extension OverlayLimits {
    /// Makes layers of overlays, and as many of them into one as the kernel takes no more.
    ///
    /// Those are neighbours, since the order must stay: the ones whose copy takes the fewest bytes. An archive costs nothing: it
    /// is unpacked in any case.
    ///
    /// - Parameter overlays: from the bottom up, with the bytes of each.
    func layers(of overlays: [(source: OverlaySource, bytes: Int)]) -> [OverlayLayer] {
        let capacity = capacity
        guard overlays.count > capacity else { return overlays.map { OverlayLayer(sources: [$0.source]) } }
        let length = overlays.count - capacity + 1
        let start = Self.cheapest(length, overlays.map { $0.source.file.form.isArchive ? 0 : max(0, $0.bytes) })
        let sources = overlays.map(\.source)
        let alone: (OverlaySource) -> OverlayLayer = { OverlayLayer(sources: [$0]) }
        return sources[..<start].map(alone) + [OverlayLayer(sources: Array(sources[start..<(start + length)]))]
            + sources[(start + length)...].map(alone)
    }

    /// Where the run of so many costs begins whose sum is least; the first of equal ones.
    private static func cheapest(_ length: Int, _ costs: [Int]) -> Int {
        var best = (start: 0, sum: Int.max)
        for start in 0...(costs.count - length) {
            var sum = 0
            for cost in costs[start..<(start + length)] {
                let (next, overflow) = sum.addingReportingOverflow(cost)
                sum = overflow ? .max : next
            }
            if sum < best.sum { best = (start, sum) }
        }
        return best.start
    }
}
