import DiskContract
package import Faults
import LinuxSystem
import Synchronization
package import SystemPackage

/// The machine that a verb is for when it is started in a privileged container: `--host FOLDER` before the verb, or
/// `LIFEBOOT_HOST`.
///
/// This process enters that machine before it does anything else. So every verb works on the files, locks, partitions and
/// the systemd of the machine, as if it had been started there, and needs no word about containers. `nsenter` would do the
/// same by a program that a container has to carry, and would start the machine's own agent; here the container's works,
/// which may be the newer one.
package enum HostRoot {
    /// The option, which stands before the verb.
    package static let option = "--host"
    /// The variable, for containers whose command line is somebody else's.
    package static let variable = "LIFEBOOT_HOST"

    /// What a command line and its environment say: the machine's root, and what is left for the verb.
    ///
    /// - Throws: `Refusal` for an option without a folder.
    package static func taken(
        from arguments: [String], variable: String?
    ) throws(Refusal) -> (folder: FilePath?, arguments: [String]) {
        let folder: String?
        var rest = arguments[...]
        if rest.first == option {
            folder = rest.dropFirst().first ?? ""
            rest = rest.dropFirst(2)
        } else if let first = rest.first, first.hasPrefix(option + "=") {
            folder = String(first.dropFirst(option.count + 1))
            rest = rest.dropFirst()
        } else {
            folder = variable?.isEmpty == true ? nil : variable
        }
        guard let folder else { return (nil, arguments) }
        let path = FilePath(folder)
        guard path.isAbsolute else { throw .hostPath(folder) }
        // The root of a machine is what it is already there.
        return (path == "/" ? nil : path, Array(rest))
    }

    /// Enters the machine that the command line names, if it names one.
    ///
    /// - Returns: the arguments that are left.
    /// - Throws: `Refusal` when it is none that lifeboot has started, or this process may not; `SystemError`.
    package static func enter(_ arguments: [String]) throws -> [String] {
        let (folder, rest) = try taken(from: arguments, variable: ThisProcess.variable(variable))
        guard let folder else { return rest }
        guard ThisProcess.isRoot else { throw Refusal.hostNotRoot }
        if let lack = lack(in: folder) { throw Refusal.host(folder, lack) }
        let run = folder.appending(MachinePaths.run.components)
        guard try FileStatus.of(run)?.kind == .directory else { throw Refusal.hostNotOurs(folder) }
        try HostEntry.enter(folder)
        // What is started from now on is there already.
        ThisProcess.forget(variable)
        entered.store(true, ordering: .relaxed)
        return rest
    }

    /// What a folder lacks to be the root of a machine that runs, as this process may enter it.
    enum Lack: Equatable {
        /// The folder is not there.
        case folder
        /// It has no `/proc` of a running machine.
        case processes
        /// Its `/proc` counts processes otherwise than this process: locks, which name processes, would say nothing.
        case numbers
        /// It has no `/sys` or `/dev` of a running machine.
        case devices
    }

    /// Looks what it lacks; nil when nothing.
    static func lack(in folder: FilePath) -> Lack? {
        guard isThere(folder) else { return .folder }
        guard isThere(folder.appending("proc/1/stat")) else { return .processes }
        let number = try? KernelLink.target(folder.appending("proc/self"))
        guard number?.string == "\(ThisProcess.identifier)" else { return .numbers }
        return isThere(folder.appending("sys/block")) && isThere(folder.appending("dev/null")) ? nil : .devices
    }

    private static func isThere(_ path: FilePath) -> Bool { (try? FileStatus.of(path)).flatMap(\.self) != nil }

    /// Whether this process came out of a container.
    package static var isEntered: Bool { entered.load(ordering: .relaxed) }
    private static let entered = Atomic(false)
}

extension Refusal {
    fileprivate static func hostPath(_ text: String) -> Refusal {
        Refusal(
            .impossible, "entering", text.isEmpty ? "a machine" : text, cause: "--host needs the path of its root",
            remedy: "Write lifeboot --host /host and then the verb, with the machine's root mounted at /host.")
    }

    fileprivate static let hostNotRoot = Refusal(
        .impossible, "entering", "the machine", cause: "this must run as root",
        remedy: "Start the container privileged.")

    fileprivate static func hostNotOurs(_ folder: FilePath) -> Refusal {
        Refusal(
            .role, "entering", "\(folder)",
            cause: "lifeboot has not started the machine whose root it is (\(MachinePaths.run))",
            remedy:
                "Mount the root of the machine there with all that is mounted in it: --volume /:/host, or a hostPath.")
    }

    fileprivate static func host(_ folder: FilePath, _ lack: HostRoot.Lack) -> Refusal {
        let (cause, remedy) =
            switch lack {
            case .folder: ("it is not there", "Mount the machine's root there: --volume /:/host, or a hostPath.")
            case .processes:
                (
                    "it has no /proc of a machine that runs",
                    "Mount the machine's root with all that is mounted in it (rbind)."
                )
            case .numbers:
                (
                    "the container counts processes by itself, and locks name them",
                    "Start it with hostPID: true, or --pid=host."
                )
            case .devices:
                (
                    "it has no /sys and /dev of a machine that runs",
                    "Mount the machine's root with all that is mounted in it (rbind), and start the container privileged."
                )
            }
        return Refusal(.impossible, "entering", "\(folder)", cause: cause, remedy: remedy)
    }
}
