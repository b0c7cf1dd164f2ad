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
    private static let unit: Int64 = 64 << 20

    /// The sizes, with room where nobody gave any: images are upgraded beside the old ones, so recovery holds two and state three.
    ///
    /// Never less than the defaults, so that a small first image does not make a disk on which no larger one fits; of a disk
    /// whose size is known, state's default is at most half and recovery's an eighth, so that smaller disks do as well.
    package func sizes(_ asked: DiskSizes) -> DiskSizes {
        var sizes = asked
        let defaults = DiskSizes.defaults
        sizes.oem = asked.oem ?? max(defaults.oem, Self.partition(for: 2 * oem))
        // An expandable disk is small; its machine makes recovery as large as it is on others.
        if asked.isExpandable {
            sizes.recovery = asked.recovery ?? Self.partition(for: recovery / 100 * Self.growth)
            return sizes
        }
        let room = Self.room(asked)
        sizes.recovery =
            asked.recovery
            ?? max(min(defaults.recovery, room / 8), Self.partition(for: 2 * recovery / 100 * Self.growth))
        sizes.state =
            asked.state ?? max(min(defaults.state, room / 2), Self.partition(for: 3 * image / 100 * Self.growth))
        return sizes
    }

    /// What other partitions leave of the disk, so that an eighth of it is a size.
    private static func room(_ asked: DiskSizes) -> Int64 {
        guard var room = asked.disk else { return .max }
        for size in [asked.persistent ?? 0] + asked.extra.map(\.size) { room = size < room ? room - size : 0 }
        return room / (8 * unit) * (8 * unit)
    }

    /// The partition that holds so many bytes beside what is the filesystem's own.
    static func partition(for bytes: Int64) -> Int64 {
        // The other way round than `DiskLayout.overhead(of:)`, which rounds down.
        let size = (bytes + DiskLayout.overhead(of: 0)) / 49 * 50 + 50
        return (size + unit - 1) / unit * unit
    }
}
