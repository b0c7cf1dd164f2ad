/// Decides about a swap file: how large it becomes, and whether one that is there serves.
package struct SwapPlan: Equatable, Sendable {
    /// What is asked for in bytes; nil for a size that fits the machine.
    package var asked: Int?
    /// The largest size; nil for none.
    package var limit: Int?
    /// The memory of the machine.
    package var memory: Int
    /// The room where it lies, without a file that is there already.
    package var free: Int

    /// What a size that nobody named is at most, as cloud-init has it.
    private static let usualLimit = 8 << 30
    /// Swap is used in pages, and a size in MiB is one in pages of every machine.
    private static let unit = 1 << 20

    /// States what is known; all in bytes.
    package init(asked: Int?, limit: Int?, memory: Int, free: Int) {
        (self.asked, self.limit, self.memory, self.free) = (asked, limit, memory, free)
    }

    /// The size; nil where there is no room for any.
    ///
    /// One that nobody named is that of the memory, and leaves most of the room to others.
    package var size: Int? {
        let share = limit == nil ? free / 4 : free / 10 * 9
        let wanted = asked ?? min(memory, share)
        let size = min(wanted, limit ?? (asked ?? Self.usualLimit)) / Self.unit * Self.unit
        return size > 0 ? size : nil
    }

    /// Whether a file of so many bytes serves: a size that nobody named may have been another when it was made.
    package func serves(_ size: Int) -> Bool { asked == nil ? size >= Self.unit : size == self.size }
}
