package import BootPlanning
import KernelModules
import LinuxSystem
import Plans

/// Drivers and filesystems, where the agent is the first process.
extension LiveBootEffects {
    /// Whether this machine has only its kernel yet.
    package var startsMachine: Bool { start != nil }

    /// Looks which devices and modules there are.
    package mutating func machineFacts() throws -> MachineFacts {
        guard let facts = try start?.facts(parameters, kernelLog) else {
            return MachineFacts(parameters: parameters, release: KernelNames.release, modules: nil)
        }
        return facts
    }

    mutating func followDevices() throws -> StepResult<UndoAction> {
        try start?.follow(kernelLog) ?? StepResult()
    }

    func load(_ module: ModuleLoad) throws -> StepResult<UndoAction> { try start?.load(module) ?? StepResult() }

    /// Ends the loading of drivers beside the boot; one that is cut while it starts does not come back.
    mutating func stopLoading() { start?.stop() }
}
