import Foundation

/// Lets at most two guests run at a time, over all tests: the machine has two cores and emulates.
actor GuestSlots {
    /// The one pool; `LIFEBOOT_MACHINE_GUESTS` changes its size.
    static let shared = GuestSlots(
        count: ProcessInfo.processInfo.environment["LIFEBOOT_MACHINE_GUESTS"].flatMap(Int.init) ?? 2)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) { free = max(1, count) }

    /// Waits for a slot.
    func acquire() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    /// Gives the slot to the one that has waited longest.
    func release() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
