import LinuxSystem
import SystemPackage

/// What a systemd of an initramfs leaves to the one of the new root, so that `systemd-analyze` tells the initramfs' time
/// from the kernel's.
///
/// The form is systemd's own and documented nowhere (systemd, src/core/manager-serialize.c): lines of state, ended by an empty
/// one, in a file whose descriptor `--deserialize` names. So only versions that were tried get it.
struct SystemdState: Equatable, Sendable {
    /// The versions with which machine tests have seen it work.
    static let tried = [252, 257]

    /// When this initramfs began, in microseconds since 1970, as the clock says now.
    let realtime: Int64
    /// The same since power-on.
    let monotonic: Int64

    /// The content of the file.
    var text: String { "initrd-timestamp=\(realtime) \(monotonic)\n\n" }

    /// The arguments that make systemd read it.
    static func arguments(descriptor: Int32) -> [String] {
        ["--switched-root", "--system", "--deserialize", String(descriptor)]
    }

    /// Whether a program is a systemd that was tried, by the name of its own library.
    static func fits(_ program: FilePath, in root: FilePath = "/") -> Bool {
        let file = root.appending(program.components)
        let target = (try? KernelLink.target(file)) ?? program
        guard target.lastComponent?.string == "systemd" else { return false }
        let folders = ["usr/lib/systemd", "lib/systemd"] + multiarch(root)
        return folders.contains { folder in
            let names = (try? Folders.names(of: root.appending(folder))) ?? []
            return names.compactMap { version(ofLibrary: $0) }.contains(where: tried.contains)
        }
    }

    /// The version in the name of a library, such as `libsystemd-shared-252.so`; nil for another file.
    static func version(ofLibrary name: String) -> Int? {
        let prefix = "libsystemd-shared-"
        guard name.hasPrefix(prefix) else { return nil }
        return Int(name.dropFirst(prefix.count).prefix { $0.isASCII && $0.isNumber })
    }

    /// The folders for the processor's kind, as Debian and Fedora have them.
    private static func multiarch(_ root: FilePath) -> [String] {
        let kinds = ((try? Folders.names(of: root.appending("usr/lib"))) ?? []).filter { $0.hasSuffix("-linux-gnu") }
        return kinds.map { "usr/lib/\($0)/systemd" } + ["usr/lib64/systemd"]
    }
}
