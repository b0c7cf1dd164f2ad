package import BootModel
package import BootPlanning
package import Plans
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

/// Everything a boot does to the machine; the live one does it, the recording one in the tests only says so.
package protocol BootEffects: UnwindEffects, ~Copyable where Action == BootAction, Undo == UndoAction {
    /// The parameters of this boot.
    var parameters: BootParameters { get }
    /// Gathers what the state phase is planned from; the root phase has run.
    ///
    /// - Throws: the error of what could not be read.
    mutating func stateFacts() throws -> StateFacts
    /// Says what the handoff phase is planned from; the state phase has run.
    func handoffFacts() -> HandoffFacts
    /// Name and version of the image, once its manifest was read.
    var imageName: String? { get }
}
