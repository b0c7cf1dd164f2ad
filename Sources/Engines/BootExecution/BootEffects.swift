package import BootModel
package import BootPlanning
package import SystemPackage

/// What undoes a step, as data, so that a failed boot can be unwound in reverse.
package enum UndoAction: Equatable, Sendable {
    /// Unmounts a mount point.
    case unmount(FilePath)
    /// Removes a dm-verity device.
    case deactivateVerity(String)
    /// Closes an encrypted volume.
    case closeVolume(String)
    /// Detaches a loop device.
    case detachLoop(FilePath)
}

/// What a step that succeeded leaves behind.
package struct StepResult: Equatable, Sendable {
    /// Something the operator should know; nil when all is as it should be.
    package var note: String?
    /// What undoes the step, in the order it is to be undone.
    package var undo: [UndoAction]

    /// Makes a result.
    package init(note: String? = nil, undo: [UndoAction] = []) {
        self.note = note
        self.undo = undo
    }
}

/// Everything a boot does to the machine; the live one does it, the recording one in the tests only says so.
package protocol BootEffects: ~Copyable {
    /// Carries out one action.
    ///
    /// - Throws: the error of the layer that failed, with cause and remedy.
    mutating func perform(_ action: BootAction) throws -> StepResult
    /// Undoes one step.
    mutating func undo(_ action: UndoAction) throws
    /// Gathers what the state phase is planned from; the root phase has run.
    mutating func stateFacts(_ parameters: BootParameters) throws -> StateFacts
    /// Gathers what the handoff phase is planned from; the state phase has run.
    mutating func handoffFacts(_ parameters: BootParameters) throws -> HandoffFacts
    /// Name and version of the image, once its manifest was read.
    var imageName: String? { get }
    /// Microseconds since power-on (`CLOCK_BOOTTIME`).
    func now() -> Int64
    /// Writes one line to the kernel's log.
    func log(_ line: String)
}
