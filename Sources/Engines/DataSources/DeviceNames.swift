import LinuxSystem
import SystemPackage

/// The kernel's block devices that have a size, below the `sys` of a root, with those of one disk together.
struct DeviceNames {
    /// The nodes, disk by disk, in byte order of their names.
    private(set) var disks: [[FilePath]] = []

    private static let folder: FilePath = "/sys/class/block"

    /// Reads the list.
    ///
    /// - Throws: `SystemError` when it cannot be read.
    init(root: FilePath) throws(SystemError) {
        let handle = try DirectoryHandle(root: root)
        var names: [String: [String]] = [:]
        guard let folder = try Self.open(handle) else { return }
        for name in try Folders.names(of: folder.mountTarget) where !name.hasPrefix("ram") {
            guard let component = FilePath.Component(name), try Self.hasSize(name, handle) else { continue }
            names[Self.disk(of: name, folder.linkTarget(component) ?? ""), default: []].append(name)
        }
        disks = names.sorted { $0.key < $1.key }.map { $0.value.sorted().map(Self.node) }
    }

    private static func open(_ handle: borrowing DirectoryHandle) throws(SystemError) -> DirectoryHandle? {
        do throws(SystemError) { return try handle.directory(folder) } catch {
            // Without sysfs, as in a container, there are no devices to look at.
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }

    private static func hasSize(_ name: String, _ handle: borrowing DirectoryHandle) throws(SystemError) -> Bool {
        // A device that is taken away meanwhile has none.
        let bytes = try handle.read(folder.appending(name).appending("size"), limit: 64) ?? []
        return bytes.contains { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
    }

    /// The disk of a device by where its folder lies: a partition's is in its disk's.
    static func disk(of name: String, _ link: String) -> String {
        let parts = link.split(separator: "/")
        guard let parent = parts.dropLast().last, parent != "block", parts.count > 2 else { return name }
        return String(parent)
    }

    /// The node of a kernel name, in which `!` stands for a slash.
    static func node(_ name: String) -> FilePath {
        FilePath("/dev/" + name.split(separator: "!", omittingEmptySubsequences: false).joined(separator: "/"))
    }
}
