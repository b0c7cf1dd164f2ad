import Faults
import LinuxSystem
import SystemPackage

/// Sees to it that the policy of the system, where it has SELinux, decides the labels of what a stage makes anew.
///
/// What is replaced keeps its label. The label that a new file gets by itself is that of its folder, which is wrong for
/// `/etc/hostname` or a user's keys.
final class StageLabels: Sendable {
    private let policy: LabelPolicy
    private let awaited: AwaitedLabels
    private let programs: [FilePath]
    /// How long the program may take for one path.
    private static let timeout = Duration.seconds(60)

    /// - Parameter programs: where the image's own program for labels may be.
    init(
        _ policy: LabelPolicy, awaited: AwaitedLabels = AwaitedLabels(),
        programs: [FilePath] = ["/usr/sbin/restorecon", "/sbin/restorecon"]
    ) {
        (self.policy, self.awaited, self.programs) = (policy, awaited, programs)
    }

    /// Whether new paths are asked for.
    var areWanted: Bool { policy != .none }

    /// Has a new path, and what is below it, labelled: now, or as soon as there is a policy.
    func set(_ path: FilePath?) throws {
        guard let path else { return }
        switch policy {
        case .none: return
        case .awaited: try awaited.add(path)
        case .loaded: try restore(path)
        }
    }

    /// By the image's own program, which reads the policy's tables; an image without it has none of them.
    private func restore(_ path: FilePath) throws {
        guard let program = try programs.first(where: { place in try FileStatus.of(place) != nil }) else { return }
        let outcome = try ChildProcess.run(
            program.string, ["-R", "--", path.string], output: .discard, errors: .tail(atMost: 2048),
            timeout: Self.timeout)
        guard !outcome.succeeded else { return }
        let said = String(decoding: outcome.standardError, as: UTF8.self).split(separator: "\n").suffix(2).map(
            String.init)
        throw StageError(
            .program, "labelling", path.string,
            cause: ([outcome.termination.description] + said).joined(separator: ": "),
            remedy: "The file is written. Run 'restorecon -R \(path)', and see which permission the policy lacks.")
    }
}
