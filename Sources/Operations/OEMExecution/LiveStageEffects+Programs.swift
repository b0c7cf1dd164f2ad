import DocumentTree
import Faults
import LinuxSystem
package import OEMModel
import OEMPlanning
import Plans
import SystemPackage

// What other programs do.
extension LiveStageEffects {
    mutating func performPrograms(_ work: StageWork) throws -> StepResult<Never> {
        if case .pinPackages(let pins) = work { return try pin(pins) }
        guard root.isRunning else { throw StageError.onlyRunning("preparing", StageAction.words(work)) }
        switch work {
        case .cloneRepository(let git): return try clone(git)
        case .changePackages(let packages): return try change(packages)
        case .addMounts(let lines): return try addMounts(lines)
        case .addSwap(let path, let bytes, let limit): return try addSwap(path, bytes, limit)
        case .changePower(let power): return try change(power)
        default: return StepResult()
        }
    }

    /// The package manager of the system, by what is there.
    private func packageManager(_ operation: String, _ names: [String]) throws -> PackageManager {
        guard
            let manager = PackageManager.allCases.first(where: { root.has(FilePath("/usr/bin").appending($0.rawValue)) }
            )
        else {
            throw StageError(
                .impossible, operation, names.joined(separator: " "), cause: "the system has no package manager",
                remedy: "Put the packages into the image.")
        }
        return manager
    }

    private mutating func pin(_ members: [DocumentMember<String>]) throws -> StepResult<Never> {
        let pins = members.map { PackagePins.Pin($0.name, $0.value) }
        let manager = try packageManager("pinning", pins.map(\.name))
        switch manager {
        case .aptGet: return changed(try root.rewrite(PackagePins.apt(pins), to: PackagePins.aptFile))
        case .dnf where root.has(PackagePins.dnfPlugin):
            return changed(try root.rewrite(PackagePins.dnf(pins), to: PackagePins.dnfFile))
        case .dnf: return try lock(pins)
        case .zypper:
            let old = try root.read(PackagePins.zypperFile) ?? []
            return changed(try root.rewrite(PackagePins.zypper(old, pins), to: PackagePins.zypperFile))
        case .apk:
            let old = try root.read(PackagePins.apkFile) ?? []
            return changed(try root.rewrite(PackagePins.apk(old, pins), to: PackagePins.apkFile))
        case .pacman:
            throw StageError(
                .impossible, "pinning", pins.map(\.name).joined(separator: " "), cause: "pacman keeps no versions",
                remedy: "Put the packages into the image.")
        }
    }

    /// dnf 5 has the list in a form of its own, which it writes itself.
    private mutating func lock(_ pins: [PackagePins.Pin]) throws -> StepResult<Never> {
        guard root.isRunning else { throw StageError.onlyRunning("pinning", pins.map(\.name).joined(separator: " ")) }
        for pin in pins {
            try run("pinning", pin.name, "dnf", ["-y", "versionlock", "add", "\(pin.name)-\(pin.version)"])
        }
        return StepResult()
    }

    private mutating func change(_ packages: PackagesDirective) throws -> StepResult<Never> {
        let manager = try packageManager("installing", packages.install)
        for arguments in manager.commands(packages) {
            try run("running", manager.rawValue, manager.rawValue, arguments)
        }
        return StepResult()
    }

    private mutating func addMounts(_ lines: [MountLine]) throws -> StepResult<Never> {
        let old = try root.read("/etc/fstab") ?? []
        let isChanged = try root.rewrite(MountTable.merged(old, lines), to: "/etc/fstab")
        for line in lines {
            guard let target = line.target, target.hasPrefix("/") else { continue }
            _ = try root.makeDirectory(FilePath(target), mode: nil, newMode: 0o755, owner: nil)
            let isMounted = try Procfs.mounts().contains { $0.target == FilePath(target) }
            guard isChanged || !isMounted else { continue }
            try run("mounting", target, "mount", [target])
        }
        return changed(isChanged)
    }

    private mutating func change(_ power: PowerDirective) throws -> StepResult<Never> {
        if let condition = power.condition, !(try shell.run(condition)).succeeded { return changed(false) }
        let mode = ["reboot": "-r", "poweroff": "-P", "halt": "-H"][power.mode.rawValue] ?? "-P"
        let when = power.delayMinutes == 0 ? "now" : "+\(power.delayMinutes)"
        try run("stopping", "the machine", "shutdown", [mode, when] + (power.message.isEmpty ? [] : [power.message]))
        return StepResult()
    }
}

extension StageAction {
    /// An action in a few words.
    static func words(_ work: StageWork) -> String {
        StageAction(work, from: StageOrigin(path: "/", line: 1)).name
    }
}

/// What installs packages, and how it is called.
package enum PackageManager: String, CaseIterable {
    case aptGet = "apt-get"
    case dnf, zypper, pacman, apk

    /// The calls for a directive, in order; none asks a question.
    package func commands(_ packages: PackagesDirective) -> [[String]] {
        var commands: [[String]] = []
        if packages.refreshes { commands.append(refresh) }
        if packages.upgrades { commands.append(upgrade) }
        if !packages.install.isEmpty { commands.append(install + packages.install) }
        if !packages.remove.isEmpty { commands.append(remove + packages.remove) }
        return commands
    }

    private var refresh: [String] {
        switch self {
        case .aptGet, .apk: ["update"]
        case .dnf: ["makecache"]
        case .zypper: ["--non-interactive", "refresh"]
        case .pacman: ["-Sy", "--noconfirm"]
        }
    }

    private var upgrade: [String] {
        switch self {
        case .aptGet: ["-y", "dist-upgrade"]
        case .dnf: ["-y", "upgrade"]
        case .zypper: ["--non-interactive", "update"]
        case .pacman: ["-Su", "--noconfirm"]
        case .apk: ["upgrade"]
        }
    }

    private var install: [String] {
        switch self {
        case .aptGet, .dnf: ["-y", "install"]
        case .zypper: ["--non-interactive", "install"]
        case .pacman: ["-S", "--needed", "--noconfirm"]
        case .apk: ["add"]
        }
    }

    private var remove: [String] {
        switch self {
        case .aptGet, .dnf: ["-y", "remove"]
        case .zypper: ["--non-interactive", "remove"]
        case .pacman: ["-R", "--noconfirm"]
        case .apk: ["del"]
        }
    }
}

/// Changes the text of `/etc/fstab`.
package enum MountTable {
    private static let mark = "x-lifeboot.mounts"

    /// Puts lines in, marked as ours by an option; ours that are not wanted any more go, lines of others stay.
    package static func merged(_ old: [UInt8], _ lines: [MountLine]) -> [UInt8] {
        let gone = Set(lines.filter { $0.target == nil }.map(\.device))
        let kept = String(decoding: old, as: UTF8.self).split(separator: "\n").map(String.init).filter { line in
            let fields = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            let isOurs = fields.count > 3 && fields[3].split(separator: ",").contains { $0 == mark }
            return !isOurs && !(fields.first.map { gone.contains($0) } ?? false)
        }
        let new = lines.compactMap { line in
            line.target.map { target in
                [line.device, target, line.filesystem, "\(line.options),\(mark)", line.dump, line.pass]
                    .joined(separator: " ")
            }
        }
        return Array((kept + new).map { $0 + "\n" }.joined().utf8)
    }
}
