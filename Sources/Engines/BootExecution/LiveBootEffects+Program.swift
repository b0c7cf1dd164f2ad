import BootModel
import DiskContract
import ImageFolders
import JSONText
import LinuxSystem
import Plans
import SystemPackage

/// What the image's own program does before the booted system runs: it is verified, and fits the image.
extension LiveBootEffects {
    /// How long one command of a stage, and the program as a whole, may take: a boot waits for it.
    private static let limits = (command: 60, program: Duration.seconds(150))
    /// The largest report of overlays that is read, in bytes.
    private static let reportLimit = 16 << 20

    /// Runs a stage, with the shell of the image beside the program.
    mutating func runStage(_ stage: String, _ root: FilePath) throws -> StepResult<UndoAction> {
        let arguments = ["stage", "run", stage, "--chroot", root.string, "--timeout", String(Self.limits.command)]
        guard let ended = try runProgram(of: root, arguments, for: "stage \(stage)") else {
            return StepResult(note: "files name the stage \(stage), and the image has no /usr/bin/lifeboot to run it")
        }
        return StepResult(note: ended.note)
    }

    /// Stacks overlays, and keeps what the layout's own overlays get as lower layers.
    ///
    /// Only the policy of an overlay ends a boot; a program that fails otherwise costs the boot its overlays.
    mutating func stackOverlays(_ root: FilePath) throws -> StepResult<UndoAction> {
        let before = Set(try Procfs.mounts().map(\.target))
        guard let ended = try runProgram(of: root, ["overlay", "stack", "--root", root.string], for: "overlays") else {
            return StepResult(note: "there are overlays, and the image has no /usr/bin/lifeboot to stack them")
        }
        guard ended.status != 1 else { throw EffectError.requiredOverlay(ended.said) }
        let new = try Procfs.mounts().map(\.target).filter {
            !before.contains($0) && ($0.starts(with: root) || $0.starts(with: MachinePaths.overlayPlaces))
        }
        mountPoints += new.map {
            $0.starts(with: root) ? FilePath(root: "/", $0.components.dropFirst(root.components.count)) : $0
        }
        let report = try FileBytes.readIfPresent(MachinePaths.overlayReport, limit: Self.reportLimit)
        if ended.status == 0, let report { lowerLayers = try Self.lowerLayers(report) }
        return StepResult(note: ended.note, undo: new.reversed().map { .unmount($0) })
    }

    /// The folders for each path from the top down, from the report of overlays.
    static func lowerLayers(_ report: [UInt8]) throws -> [FilePath: [FilePath]] {
        let members = try JSONValue(parsing: report)["lowerLayers"]?.object?.members ?? []
        return Dictionary(
            members.map { (FilePath($0.name), ($0.value.elements ?? []).compactMap(\.text).map { FilePath($0) }) },
            uniquingKeysWith: { first, _ in first })
    }

    /// How the program ended.
    private struct Ended {
        /// The exit status; nil when a signal ended it.
        let status: Int32?
        /// What it said last.
        let said: String
        /// What there is to say about it; nil when it succeeded.
        let note: String?
    }

    /// Runs the program, and repeats what it says; nil when the image has none.
    private func runProgram(of root: FilePath, _ arguments: [String], for task: String) throws -> Ended? {
        let program = root.appending(MachinePaths.agent.components)
        guard try FileStatus.of(program) != nil else { return nil }
        let outcome = try ChildProcess.run(
            program.string, arguments, output: .tail(atMost: 4096), errors: .tail(atMost: 4096),
            timeout: Self.limits.program, whileWaiting: { serveWatchdog() })
        let lines = String(decoding: outcome.standardError, as: UTF8.self).split(separator: "\n").suffix(4)
        for line in lines { log("\(task): \(line)") }
        let said = lines.joined(separator: " / ")
        var status: Int32?
        if case .exited(let number) = outcome.termination { status = number }
        return Ended(
            status: status, said: said, note: outcome.succeeded ? nil : "\(outcome.termination): \(said)")
    }
}
