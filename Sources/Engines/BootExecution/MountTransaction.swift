/// Collects what undoes the steps of a boot, and undoes them in reverse when the boot fails.
package struct MountTransaction: Equatable, Sendable {
    /// What to undo, in the order it was done.
    package private(set) var undo: [UndoAction] = []

    /// Starts with nothing to undo.
    package init() {}

    /// Notes what undoes a step.
    package mutating func add(_ actions: [UndoAction]) { undo += actions.reversed() }

    /// Undoes everything in reverse; a failure is told to `log` and the rest is still undone.
    package mutating func unwind(_ effects: inout some BootEffects & ~Copyable) {
        while let action = undo.popLast() {
            do { try effects.undo(action) } catch { effects.log("unwinding \(action): \(error)") }
        }
    }
}
