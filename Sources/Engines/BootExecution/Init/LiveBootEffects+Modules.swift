import KernelModules
import LinuxSystem
import Plans

/// Drivers and filesystems, where the agent is the first process.
extension LiveBootEffects {
    mutating func followDevices() throws -> StepResult<UndoAction> {
        try start?.follow(kernelLog) ?? StepResult()
    }

    func load(_ module: ModuleLoad) throws -> StepResult<UndoAction> { try start?.load(module) ?? StepResult() }

    /// Ends the loading of drivers beside the boot; one that is cut while it starts does not come back.
    mutating func stopLoading() { start?.stop() }
}
