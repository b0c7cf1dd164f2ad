import DiskContract
import ImageSources
import InstalledSystem
import JSONText
import LinuxSystem
import ReleaseModel
package import SystemPackage
package import TransactionPlanning

/// Runs what files of configuration have for the stage of an event, by `lifeboot stage run` in a process of its own.
///
/// That process can be ended when its time is over, and can take the root of the new image for its own. Nothing is started
/// when no file names the stage.
package struct OperationStage: Sendable {
    /// How long a stage may take.
    package static let patience = Duration.seconds(600)
    /// The program that runs stages here: this one.
    private static let itself: FilePath = "/proc/self/exe"
    /// The largest report that is read, in bytes.
    private static let reportLimit = 4 << 20

    /// The program that runs a stage of this system.
    package var program: FilePath
    /// The root whose files are looked at.
    package var root: FilePath
    /// The files that say which stages are strict.
    package var policies: [FilePath]

    /// Takes this machine.
    ///
    /// - Parameters: for tests.
    package init(
        program: FilePath? = nil, root: FilePath = "/", policies: [FilePath] = AgentConfiguration.files
    ) {
        self.program = program ?? Self.itself
        self.root = root
        self.policies = policies
    }

    /// Runs the stage of an event to its end.
    ///
    /// - Parameter chroot: the root of the new image, whose own program runs the stage; nil for the system that runs.
    /// - Returns: what did not work, a sentence each.
    package func run(_ event: HookEvent, in chroot: FilePath? = nil) -> [String] {
        let stage = event.description
        guard isNamed(stage, in: chroot) else { return [] }
        let program = chroot.map { $0.appending(MachinePaths.agent.components) } ?? program
        let arguments = ["stage", "run", stage, "--json"] + (chroot.map { ["--chroot", $0.string] } ?? [])
        do {
            guard try FileStatus.of(program) != nil else { return ["the image has no \(MachinePaths.agent) to run it"] }
            let outcome = try ChildProcess.run(
                program.string, arguments, output: .capture(atMost: Self.reportLimit), timeout: Self.patience)
            return Self.problems(outcome)
        } catch { return ["\(error)"] }
    }

    /// Whether a failure of the stage is to end the operation, where that has written nothing yet; not when nobody can tell.
    package func isStrict(_ event: HookEvent) -> Bool {
        (try? ConfigurationFiles.read(policies))?.oem.strictStages.contains(event.description) ?? false
    }

    /// Whether a file may name the stage; data sources have theirs in `/run`, which the image's root shows too.
    private func isNamed(_ stage: String, in chroot: FilePath?) -> Bool {
        !StageFiles.named([stage], in: chroot ?? root).isEmpty
            || !StageFiles.named([stage], in: root, folders: [MachinePaths.instanceData]).isEmpty
    }

    /// What the report says, or how the program ended when it has said nothing that can be read.
    private static func problems(_ outcome: ChildProcess.Outcome) -> [String] {
        if let report = try? JSONValue(parsing: outcome.standardOutput), let problems = report["problems"]?.elements {
            return problems.compactMap(\.text)
        }
        guard !outcome.succeeded else { return [] }
        let words = String(decoding: outcome.standardError, as: UTF8.self).split(separator: "\n").last
        return ["\(outcome.termination)" + (words.map { ": \($0)" } ?? "")]
    }
}
