import BootModel
import LinuxSystem
import Plans
import SystemPackage

/// What files of configuration do before the booted system runs.
extension LiveBootEffects {
    /// How long one command of a stage, and a stage as a whole, may take: a boot waits for it.
    private static let limits = (command: 60, stage: Duration.seconds(150))

    /// Runs a stage by the program of the image: it is verified, fits the image, and has the shell of the image beside it.
    mutating func runStage(_ stage: String, _ root: FilePath) throws -> StepResult<UndoAction> {
        let program = root.appending("usr/bin/lifeboot")
        guard try FileStatus.of(program) != nil else {
            return StepResult(note: "files name the stage \(stage), and the image has no /usr/bin/lifeboot to run it")
        }
        let arguments = ["stage", "run", stage, "--chroot", root.string, "--timeout", String(Self.limits.command)]
        let outcome = try ChildProcess.run(
            program.string, arguments, output: .tail(atMost: 4096), errors: .tail(atMost: 4096),
            timeout: Self.limits.stage, whileWaiting: { serveWatchdog() })
        let said = String(decoding: outcome.standardError, as: UTF8.self).split(separator: "\n").suffix(4)
        for line in said { log("stage \(stage): \(line)") }
        return outcome.succeeded
            ? StepResult() : StepResult(note: "\(outcome.termination): \(said.joined(separator: " / "))")
    }
}
