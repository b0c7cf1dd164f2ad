package import BuildPlanning
import LinuxSystem
package import SystemPackage

extension HostFacts {
    private static let patience = Duration.seconds(20)

    /// Looks at this machine.
    ///
    /// - Parameters:
    ///   - scratch: a folder on the filesystem on which containers would be kept; nil does not try an overlay.
    /// - Throws: `SystemError` when ranges of ids cannot be read.
    package static func gather(tryingOverlayIn scratch: FilePath? = nil) throws -> HostFacts {
        let isRoot = ThisProcess.isRoot
        let number = "\(ThisProcess.owner.user)"
        let user = isRoot ? "root" : said("id", ["-un"]) ?? number
        return HostFacts(
            isRoot: isRoot, user: user,
            programs: Set(HostNeeds.programs.map(\.name).filter { (try? Executable.find($0)) != nil }),
            hasSubordinates: try isRoot
                || ["/etc/subuid", "/etc/subgid"].allSatisfy { file in
                    try hasRange(file, [user, number])
                },
            mountsOverlays: scratch.map { mountsOverlay(in: $0, isRoot) } ?? isRoot)
    }

    /// Whether a file gives a user a range of at least 65,536 ids (subuid(5)).
    ///
    /// - Parameter names: the user's name and number.
    static func hasRange(_ file: FilePath, _ names: [String]) throws(SystemError) -> Bool {
        let bytes = try FileBytes.readIfPresent(file, limit: 1 << 20) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            return fields.count == 3 && names.contains(String(fields[0])) && (Int(fields[2]) ?? 0) >= 65_536
        }
    }

    /// Whether the kernel mounts an overlay in a namespace of one's own, on this filesystem.
    private static func mountsOverlay(in scratch: FilePath, _ isRoot: Bool) -> Bool {
        let script = """
            set -e; cd "$1"; mkdir -p lower upper work merged
            mount -t overlay -o "$2"lowerdir=lower,upperdir=upper,workdir=work overlay merged
            """
        guard let folder = try? PrivateFolder(in: scratch, prefix: "overlay") else { return false }
        let user = isRoot ? [] : ["--user", "--map-root-user"]
        let words = ["sh", "-c", script, "sh", folder.path.string, isRoot ? "" : "userxattr,"]
        let outcome = try? ChildProcess.run(
            "unshare", user + ["--mount", "--"] + words, output: .discard, timeout: patience)
        return outcome?.succeeded ?? false
    }

    private static func said(_ program: String, _ arguments: [String]) -> String? {
        guard let outcome = try? ChildProcess.run(program, arguments, timeout: patience), outcome.succeeded else {
            return nil
        }
        return String(decoding: outcome.standardOutput, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }
}
