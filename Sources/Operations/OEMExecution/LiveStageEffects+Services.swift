import DocumentTree
import LinuxSystem
import OEMModel
import OEMPlanning
import Plans
import SystemPackage

// systemd's units and settings.
extension LiveStageEffects {
    mutating func performServices(_ work: StageWork) throws -> StepResult<Never> {
        switch work {
        case .setTimeServers(let settings): return try setTimeServers(settings)
        case .overrideUnit(let override): return try overrideUnit(override)
        case .reloadManager: return try reloadManager()
        case .manageUnits(let verb, let units): return try manage(units, verb)
        case .firstBoot(let options): return try firstBoot(options)
        default: return StepResult()
        }
    }

    private mutating func setTimeServers(_ settings: [DocumentMember<String>]) throws -> StepResult<Never> {
        let path = FilePath("/etc/systemd/timesyncd.conf.d/10-lifeboot.conf")
        let old = String(decoding: try root.read(path) ?? [], as: UTF8.self)
        var lines = old.split(separator: "\n").map(String.init).filter { $0 != "[Time]" }
        for setting in settings {
            lines.removeAll { $0.hasPrefix("\(setting.name)=") }
            lines.append("\(setting.name)=\(setting.value)")
        }
        let text = "[Time]\n" + lines.sorted().map { $0 + "\n" }.joined()
        return changed(try root.rewrite(Array(text.utf8), to: path))
    }

    private mutating func overrideUnit(_ override: SystemctlDirective.Override) throws -> StepResult<Never> {
        let suffixes = [
            ".service", ".socket", ".timer", ".mount", ".path", ".target", ".slice", ".scope", ".automount",
            ".swap", ".device",
        ]
        let unit = suffixes.contains { override.unit.hasSuffix($0) } ? override.unit : override.unit + ".service"
        let name = override.name.hasSuffix(".conf") ? override.name : override.name + ".conf"
        let path = FilePath("/etc/systemd/system").appending("\(unit).d").appending(name)
        return changed(try root.rewrite(Array(override.content.utf8), to: path))
    }

    /// In another root there is no manager that had read anything.
    private mutating func reloadManager() throws -> StepResult<Never> {
        guard root.isRunning, try FileStatus.of("/run/systemd/system") != nil else { return changed(false) }
        try run("reloading", "systemd", "systemctl", ["daemon-reload"])
        return StepResult()
    }

    /// Nothing is started where systemd does not run, such as before it does: enabled units start by themselves later.
    private mutating func manage(_ units: [String], _ verb: StageWork.UnitVerb) throws -> StepResult<Never> {
        guard root.isRunning else { throw StageError.onlyRunning("\(verb.rawValue) of", units.joined(separator: " ")) }
        let isUp = try FileStatus.of("/run/systemd/system") != nil
        if !isUp, verb == .start || verb == .reload {
            return changed(false, note: "systemd does not run yet; enable the unit to have it started")
        }
        // Start without waiting: a unit may be ordered behind the very stage that starts it.
        let options = verb == .start || verb == .reload ? ["--no-block"] : []
        try run(
            "systemctl \(verb.rawValue)", units.joined(separator: " "), "systemctl", options + [verb.rawValue] + units)
        return StepResult()
    }

    private mutating func firstBoot(_ options: [DocumentMember<String>]) throws -> StepResult<Never> {
        guard root.isRunning else { throw StageError.onlyRunning("running", "systemd-firstboot") }
        let arguments = options.sorted { $0.name < $1.name }
            .map { $0.value == "true" ? "--\($0.name)" : "--\($0.name)=\($0.value)" }
        try run("running", "systemd-firstboot", "systemd-firstboot", arguments)
        return StepResult()
    }
}
