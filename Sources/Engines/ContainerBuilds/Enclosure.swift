import LinuxSystem
import SystemPackage

/// Keeps builds apart from this system: whoever builds first starts boatyard once more in namespaces of its own.
///
/// There its mounts are seen by nobody else, and they and all processes are gone when it ends in whatever way: the kernel
/// kills the first process of the namespace when the one that started it dies.
package struct Enclosure: Equatable, Sendable {
    /// The variable that says to the inner boatyard that it is inside, and how layers lie over each other there.
    package static let mark = "BOATYARD_ENCLOSED"
    /// Dies with its parent; then a namespace whose first process dies with this one.
    private static let inner = [
        "setpriv", "--pdeathsig", "KILL", "--", "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
        "--",
    ]

    /// Whether root builds; users get a namespace in which they own files as other users.
    package var isRoot: Bool
    /// What buildah needs to know before it makes the namespace of a user.
    package var store: BuildStore

    /// Describes an enclosure.
    package init(isRoot: Bool, store: BuildStore) {
        self.isRoot = isRoot
        self.store = store
    }

    /// How layers lie over each other where this process is inside already; nil outside.
    package static var entered: BuildStore.Driver? {
        ThisProcess.variable(mark).flatMap { BuildStore.Driver(rawValue: $0) }
    }

    /// The words that run a command inside.
    package func command(_ command: [String]) -> [String] {
        let marked = ["env", "\(Self.mark)=\(store.driver.rawValue)"] + command
        guard !isRoot else { return Self.inner + marked }
        let buildah = ["setpriv", "--pdeathsig", "KILL", "--", "buildah"] + store.options + ["unshare", "--"]
        return buildah + Self.inner + marked
    }

    /// Runs this program with the same arguments inside, with our streams, to its end.
    ///
    /// - Returns: its exit status; 128 and more when a signal ended it, as shells say it.
    /// - Throws: `ProcessError` when it cannot be started, `SystemError` when the program's own file is not known.
    package func runAgain(_ arguments: [String]) throws -> Int32 {
        // Its file by name: inside, where `/proc` is another one, the link to it would lead elsewhere.
        let words = command([try ThisProcess.program.string] + arguments)
        let outcome = try ChildProcess.run(
            words[0], Array(words.dropFirst()), input: .inherit, output: .inherit, errors: .inherit)
        return switch outcome.termination {
        case .exited(let status): status
        case .signalled(let number): 128 + number
        }
    }
}
