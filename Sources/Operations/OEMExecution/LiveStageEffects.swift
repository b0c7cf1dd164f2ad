import DataSources
import DocumentTree
import InstanceData
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
    /// What is fetched, and by which bounds.
    package var network = StageNetwork()
    /// Where secrets lie while a program needs them; in memory.
    package var privateFolders: FilePath = "/run/lifeboot"
    /// Lets the persistent partition of the booted disk take it up, and says whether it was smaller; nil where nobody can.
    package var grow: (@Sendable () throws -> Bool)?
    /// Whether there is a network to fetch from.
    package var hasNetwork: Bool
    /// Whether configuration of a data source was found that was not there before.
    package private(set) var hasNewData = false
    /// Whether the last action changed something; nil when it cannot tell.
    var hasChanged: Bool?

    /// Works below a root.
    ///
    /// - Parameter timeout: how long one command may take.
    /// - Throws: `SystemError` when there is no such folder.
    package init(stage: String, root: FilePath, timeout: Duration) throws {
        self.root = try StageRoot(root)
        self.stage = stage
        hasNetwork = !StageNames.comesBeforeNetwork(stage)
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
        case .authorizeKeys(let keys): return try authorizeKeys(keys)
        case .changeEntity, .ensureGroups, .ensureUsers, .setPasswords:
            return try performAccounts(action.work)
        case .setTimeServers, .overrideUnit, .reloadManager, .manageUnits, .firstBoot:
            return try performServices(action.work)
        case .cloneRepository, .changePackages, .pinPackages, .addMounts, .addSwap, .changePower:
            return try performPrograms(action.work)
        case .lookForData(let source): return try lookForData(source)
        case .fetchFile(let download): return try fetchFile(download)
        case .changePartitions(let layout): return try changePartitions(layout)
        case .unpackImage(let image): return try unpack(image)
        case .refused(let what, let reason): throw StageError.refused(what, reason, "")
        }
    }

    /// Asks the data sources; those of the network only in stages that come after it.
    private mutating func lookForData(_ source: DataSourceDirective) throws -> StepResult<Never> {
        guard root.isRunning else { throw StageError.onlyRunning("looking for", "the machine's own configuration") }
        let scope: DataSourceSearch.Scope = hasNetwork ? .all : .local
        let finding = DataSourceSearch().find(providers: source.providers, scope: scope)
        let isNew = try DataSourceStore().keep(
            finding, path: source.path.map { FilePath($0) }, fileName: source.fileName)
        if isNew, finding.provider != nil {
            hasNewData = true
            try apply(finding.metadata)
        }
        if let doubt = StageError.doubt(finding) { throw doubt }
        return changed(isNew, note: Self.words(finding))
    }

    /// The name and the keys that a cloud gives a machine, which files may change afterwards.
    private mutating func apply(_ metadata: InstanceMetadata) throws {
        if let hostname = metadata.hostname, HostNames.isName(hostname) {
            let label = hostname.split(separator: ".").first.map(String.init) ?? hostname
            _ = try setHostname(label)
        }
        guard !metadata.publicKeys.isEmpty else { return }
        let keys = AuthorizedKeysDirective(
            user: "root", keys: metadata.publicKeys, at: DocumentMark(line: 1, column: 1))
        _ = try authorizeKeys(keys)
    }

    /// What was found and what was not; nothing is no fault.
    private static func words(_ finding: DataSourceFinding) -> String? {
        let found = finding.provider.map { ["found at \($0)"] } ?? ["nothing was found"]
        let later = finding.later.isEmpty ? [] : ["asked in stage network: \(finding.later.joined(separator: " "))"]
        return (found + later + finding.remarks).joined(separator: "; ")
    }

    /// Notes whether something was changed.
    mutating func changed(_ isChanged: Bool, note: String? = nil) -> StepResult<Never> {
        hasChanged = isChanged
        return StepResult(note: note)
    }
}
