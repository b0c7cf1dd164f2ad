import LinuxSystem
import OEMModel
package import OEMPlanning
package import Plans
package import SystemPackage

/// Carries the actions of a stage out below a root.
package struct LiveStageEffects: PlanEffects, ~Copyable {
    let root: StageRoot
    let stage: String
    let shell: StageShell
    /// Whether the last action changed something; nil when it cannot tell.
    var hasChanged: Bool?

    /// Works below a root.
    ///
    /// - Parameter timeout: how long one command may take.
    /// - Throws: `SystemError` when there is no such folder.
    package init(stage: String, root: FilePath, timeout: Duration) throws {
        self.root = try StageRoot(root)
        self.stage = stage
        shell = StageShell(stage: stage, timeout: timeout)
    }

    /// Microseconds of the monotonic clock.
    package func now() -> Int64 {
        let (seconds, attoseconds) = MonotonicClock.now().components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    /// Carries out one action.
    package mutating func perform(_ action: StageAction) throws -> StepResult<Never> {
        hasChanged = nil
        switch action.work {
        case .writeFile(let file): return try writeFile(file)
        case .makeDirectory(let directory): return try makeDirectory(directory)
        case .setEnvironment(let file, let variables): return try setEnvironment(file, variables)
        case .setResolver(let dns): return try setResolver(dns)
        case .runScript(let name, let text): return try runScript(name, text)
        case .setHostname(let name): return try setHostname(name)
        case .setHosts(let fullName): return try setHosts(fullName)
        case .setKernelSetting(let name, let value): return try setKernelSetting(name, value)
        case .loadModule(let module): return try loadModule(module)
        case .setTimeZone(let zone): return try setTimeZone(zone)
        case .printMessage(let text): return printMessage(text)
        case .changeEntity, .ensureGroups, .ensureUsers, .setPasswords, .authorizeKeys:
            return try performAccounts(action.work)
        case .setTimeServers, .overrideUnit, .reloadManager, .manageUnits, .firstBoot:
            return try performServices(action.work)
        case .cloneRepository, .changePackages, .pinPackages, .addMounts, .addSwap, .changePower:
            return try performPrograms(action.work)
        case .fetchFile, .lookForData, .changePartitions, .unpackImage: return try performLater(action.work)
        case .refused(let what, let reason): throw StageError.refused(what, reason)
        }
    }

    /// Notes whether something was changed.
    mutating func changed(_ isChanged: Bool, note: String? = nil) -> StepResult<Never> {
        hasChanged = isChanged
        return StepResult(note: note)
    }
}
