/// What the partitions of a disk are to hold, in bytes, from which their sizes follow where nobody gave one.
package struct DiskContent: Equatable, Sendable {
    /// The files of the OEM partition.
    package var oem: Int64
    /// The recovery image.
    package var recovery: Int64
    /// The larger of the images that boot.
    package var image: Int64

    /// Takes what was counted; more than any disk holds is as much as the largest.
    package init(oem: Int64, recovery: Int64, image: Int64) {
        let bounded = [oem, recovery, image].map { min(max(0, $0), DiskLayout.maximumSize) }
        (self.oem, self.recovery, self.image) = (bounded[0], bounded[1], bounded[2])
    }

    /// A later image may be so much larger than this one, in hundredths.
    private static let growth: Int64 = 125
    /// Sizes are multiples of this.
    fileprivate static let unit: Int64 = 64 << 20

    /// The sizes, with room where nobody gave any: images are upgraded beside the old ones, so recovery holds two and state three.
    ///
    /// Never less than the defaults, so that a small first image does not make a disk on which no larger one fits. Only where
    /// a disk of a known size does not hold that, its partitions get parts of it, or no more than today's images need.
    package func sizes(_ asked: DiskSizes) -> DiskSizes {
        // An expandable disk is small; its machine makes recovery as large as it is on others.
        if asked.isExpandable {
            var sizes = asked
            sizes.oem = asked.oem ?? max(DiskSizes.defaults.oem, roomy.oem)
            sizes.recovery = asked.recovery ?? Self.partition(for: recovery / 100 * Self.growth)
            return sizes
        }
        let parts = DiskParts(asked)
        let wishes = [(roomy, parts), (tight, parts), (tight, nil)]
        let all = wishes.map { floors, parts in Self.sizes(asked, floors, parts) }
        guard asked.disk != nil else { return all[0] }
        return all.first { (try? DiskLayout($0)) != nil } ?? all[all.count - 1]
    }

    /// What the partitions hold at least.
    private typealias Floors = (oem: Int64, recovery: Int64, state: Int64)

    /// Room for later images, a quarter larger than these.
    private var roomy: Floors {
        (
            Self.partition(for: 2 * oem), Self.partition(for: 2 * recovery / 100 * Self.growth),
            Self.partition(for: 3 * image / 100 * Self.growth)
        )
    }

    /// Room for these images: an upgrade of state needs a place beside the image that runs.
    private var tight: Floors {
        (Self.partition(for: oem), Self.partition(for: recovery), Self.partition(for: 2 * image))
    }

    private static func sizes(_ asked: DiskSizes, _ floors: Floors, _ parts: DiskParts?) -> DiskSizes {
        var sizes = asked
        sizes.oem = asked.oem ?? max(DiskSizes.defaults.oem, floors.oem)
        sizes.recovery = asked.recovery ?? max(parts?.recovery ?? 0, floors.recovery)
        sizes.state = asked.state ?? max(parts?.state ?? 0, floors.state)
        return sizes
    }

    /// The partition that holds so many bytes beside what is the filesystem's own.
    static func partition(for bytes: Int64) -> Int64 {
        // The other way round than `DiskLayout.overhead(of:)`, which rounds down.
        let size = (bytes + DiskLayout.overhead(of: 0)) / 49 * 50 + 50
        return (size + unit - 1) / unit * unit
    }
}

/// The sizes of recovery and state as parts of a disk, where nobody gave any: the defaults on a large one.
///
/// What is not asked for is shared, four parts for state, one for recovery and three for persistent.
private struct DiskParts {
    /// The size of recovery, in bytes.
    let recovery: Int64
    /// The size of state, in bytes.
    let state: Int64

    init(_ asked: DiskSizes) {
        let weights: (recovery: Int64, state: Int64, persistent: Int64) = (
            asked.recovery == nil ? 1 : 0, asked.state == nil ? 4 : 0, asked.persistent == nil ? 3 : 0
        )
        let sum = max(1, weights.recovery + weights.state + weights.persistent)
        let defaults = DiskSizes.defaults
        guard let disk = asked.disk else {
            (recovery, state) = (defaults.recovery, defaults.state)
            return
        }
        let others = [asked.recovery, asked.state, asked.persistent].compactMap(\.self) + asked.extra.map(\.size)
        let free = others.reduce(disk) { free, size in size < free ? free - size : 0 }
        let unit = DiskContent.unit
        let part = { (weight: Int64, most: Int64) in min(most, free / sum * weight / unit * unit) }
        (recovery, state) = (part(weights.recovery, defaults.recovery), part(weights.state, defaults.state))
    }
}
