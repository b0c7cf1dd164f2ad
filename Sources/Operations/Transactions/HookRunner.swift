import Faults
import ImageSources
import LinuxSystem
import ReleaseModel
package import SystemPackage
package import TransactionPlanning

/// Runs the executables of an event, in name order, the image's before the machine's; then the stage of its name.
package struct HookRunner: Sendable {
    /// The longest that one hook may take.
    package static let patience = Duration.seconds(600)
    /// Bytes of a hook's last words that are kept.
    private static let tail = 2048
    private static let searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    private static let executable: FilePermissions = [.ownerExecute, .groupExecute, .otherExecute]

    /// Whether a hook that fails ends the operation.
    package var isStrict: Bool
    /// `NAME=value` for the hooks, besides `PATH` and `LIFEBOOT_EVENT`.
    package var environment: [String]
    /// Where the folders of events lie.
    package var folders: [FilePath]
    /// Runs what files of configuration have for an event.
    package var stage: OperationStage

    /// Prepares to run hooks.
    package init(
        isStrict: Bool, environment: [String] = [], folders: [FilePath] = HookEvent.folders,
        stage: OperationStage = OperationStage()
    ) {
        self.isStrict = isStrict
        self.environment = environment
        self.folders = folders
        self.stage = stage
    }

    /// Runs the hooks of an event, then its stage.
    ///
    /// - Parameters:
    ///   - root: the root folder that the hooks see as `/`; nil for ours. The folders are looked for below it.
    ///   - progress: asked between hooks whether to stop.
    /// - Returns: what failed, a sentence each, when that does not end the operation.
    /// - Throws: `Refusal` for the first hook that fails, unless the event is `post` or hooks are not strict, and for a
    ///   stage that is strict by the configuration, before anything is written; `CancellationRequest`; `SystemError` when
    ///   a folder cannot be read.
    package func run(_ event: HookEvent, in root: FilePath? = nil, progress: StepProgress) throws -> [String] {
        var failures: [String] = []
        for hook in try hooks(of: event, in: root) {
            try progress.check()
            guard let cause = run(hook, event, in: root) else { continue }
            guard isStrict, event.moment != .post else {
                failures.append("hook \(hook): \(cause)")
                continue
            }
            throw Refusal(
                .hook, "running", "hook \(hook)", cause: cause,
                remedy: "Mend or remove the hook, or add --no-strict to go on without it.")
        }
        try progress.check()
        return failures + (try runStage(event, in: root))
    }

    private func runStage(_ event: HookEvent, in root: FilePath?) throws(Refusal) -> [String] {
        let problems = stage.run(event, in: root)
        guard let first = problems.first, isStrict, event.moment == .before, stage.isStrict(event) else {
            return problems.map { "stage \(event): \($0)" }
        }
        throw Refusal(
            .hook, "running", "stage \(event)", cause: first,
            remedy: "Mend what it names, or add --no-strict to go on without it.")
    }

    /// The hooks of an event, as paths inside the root.
    private func hooks(of event: HookEvent, in root: FilePath?) throws -> [FilePath] {
        try folders.flatMap { folder in
            let place = folder.appending("\(event).d")
            let names = try Folders.names(of: Self.outside(place, root)).filter { !$0.hasPrefix(".") }
            return names.map { place.appending($0) }
        }
    }

    /// Runs one; nil when it succeeded.
    private func run(_ hook: FilePath, _ event: HookEvent, in root: FilePath?) -> String? {
        do {
            guard let status = try FileStatus.of(Self.outside(hook, root), followingLinks: root == nil),
                root != nil && status.kind == .link
                    || status.kind == .file && !status.permissions.isDisjoint(with: Self.executable)
            else { return "it is not an executable file" }
            let outcome = try ChildProcess.run(
                root == nil ? hook.string : "chroot", root.map { [$0.string, hook.string] } ?? [],
                environment: environment + ["LIFEBOOT_EVENT=\(event)", Self.searchPath],
                output: .tail(atMost: Self.tail), errors: .tail(atMost: Self.tail), timeout: Self.patience)
            if outcome.succeeded { return nil }
            let words = Self.lastLine(outcome.standardError) ?? Self.lastLine(outcome.standardOutput)
            return "\(outcome.termination)" + (words.map { ": \($0)" } ?? "")
        } catch { return "\(error)" }
    }

    private static func outside(_ path: FilePath, _ root: FilePath?) -> FilePath {
        root.map { $0.appending(path.components) } ?? path
    }

    private static func lastLine(_ bytes: [UInt8]) -> String? {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").last.map(String.init)
    }
}

extension HookRunner {
    /// Whether a hook that fails ends a reset or an installation: unless the options or the configuration are lenient.
    ///
    /// A configuration that cannot be read says nothing, and is no error here: a broken `/oem/lifeboot.yaml` must not
    /// prevent the reset that wipes it.
    ///
    /// - Parameters:
    ///   - asked: what the options say.
    ///   - files: for tests.
    package static func areStrict(_ asked: Bool, by files: [FilePath] = AgentConfiguration.files) -> Bool {
        asked && ((try? ConfigurationFiles.read(files))?.hooksAreStrict ?? true)
    }
}
