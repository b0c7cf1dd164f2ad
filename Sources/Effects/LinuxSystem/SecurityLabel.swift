package import SystemPackage

/// The label that SELinux keeps with each file.
///
/// Which label is right is said by the policy of the system alone. Nothing here reads a policy: what the image's own
/// programs have set is kept, and where there is nothing to keep the folder's label is the policy's own default.
package enum SecurityLabel {
    /// The extended attribute that holds it (Linux, `XATTR_NAME_SELINUX`).
    package static let attribute = "security.selinux"

    /// Gives a file or folder the label of another, where that has one; links are not followed.
    ///
    /// - Throws: `SystemError` when it cannot be read or set; a filesystem or a policy that refuses it is no error.
    package static func copy(from source: FilePath, to target: FilePath) throws(SystemError) {
        do throws(Errno) { _ = try give(source, to: target) } catch {
            throw .file("copying attributes to", target, error)
        }
    }

    /// Gives what is about to take a name the label of what has the name now.
    ///
    /// At a new name it gets that of the folder, unless the kernel gave it one, as it does once there is a policy.
    static func inherit(
        _ file: FilePath, replacing old: FilePath? = nil, in folder: FilePath
    ) throws(Errno) {
        if let old {
            do throws(Errno) { if try give(old, to: file) { return } } catch {
                guard error == .noSuchFileOrDirectory else { throw error }
            }
        }
        guard try ExtendedAttributes.valueIfPresent(attribute, of: file) == nil else { return }
        _ = try give(folder.appending(FilePath.Component(".")), to: file)
    }

    /// Says whether there was a label to give.
    ///
    /// A policy may forbid a program to choose labels: the file then has the one that the policy chose.
    private static func give(_ source: FilePath, to target: FilePath) throws(Errno) -> Bool {
        guard let label = try ExtendedAttributes.valueIfPresent(attribute, of: source) else { return false }
        do throws(Errno) { try ExtendedAttributes.set(attribute, label, of: target) } catch {
            guard [.notSupported, .notPermitted, .permissionDenied, .readOnlyFileSystem].contains(error) else {
                throw error
            }
        }
        return true
    }
}

/// How far SELinux is on this machine.
package enum LabelPolicy: Sendable {
    /// Not in use.
    case none
    /// In use, and the policy is not loaded yet: the first process of the new root does that.
    case awaited
    /// In force.
    case loaded

    /// Looks at the kernel, whose name for every process is `kernel` before there is a policy.
    package static var current: LabelPolicy {
        of(process: "/proc/self/attr/current", switch: "/sys/fs/selinux/enforce")
    }

    /// Decides from the label of a process, and from the switch that is there with a policy.
    static func of(process: FilePath, switch place: FilePath) -> LabelPolicy {
        if let label = try? FileBytes.readIfPresent(process, limit: 4096),
            label.prefix(while: { $0 != 0 && $0 != 0x0A }).elementsEqual("kernel".utf8)
        {
            return .awaited
        }
        guard let status = try? FileStatus.of(place), status.kind == .file else { return .none }
        return .loaded
    }
}

/// The paths that systemd labels anew when it has loaded the policy, before it reads anything else.
///
/// The kernel labels nothing before that, forgets labels of what is copied up in an overlay, and takes none from memory
/// (tmpfs). systemd reads the files of this folder for that purpose since version 245 (mount-setup.c there).
package struct AwaitedLabels: Sendable {
    private let list: FilePath
    /// The largest list, in bytes.
    private static let limit = 1 << 20

    /// Names the list.
    package init(list: FilePath = "/run/systemd/relabel-extra.d/lifeboot.relabel") { self.list = list }

    /// The list of this boot; nil where no policy is awaited.
    package static var current: AwaitedLabels? { LabelPolicy.current == .awaited ? AwaitedLabels() : nil }

    /// Adds a path, with all below it that is on the same mount.
    ///
    /// - Throws: `SystemError` when the list cannot be written.
    package func add(_ path: FilePath) throws(SystemError) {
        let line = Array(path.string.utf8)
        guard !line.contains(0x0A) else { return }
        let old = try FileBytes.readIfPresent(list, limit: Self.limit) ?? []
        guard !old.split(separator: 0x0A).contains(where: { $0.elementsEqual(line) }) else { return }
        try Folders.make(list.removingLastComponent())
        try AtomicFile.write(old + line + [0x0A], to: list)
    }
}
