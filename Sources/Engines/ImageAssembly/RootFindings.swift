package import Archives
package import ImagePlanning
import TreeModel

/// What was found in a root filesystem on its way into an image.
package struct RootFindings {
    /// Kernels, left out of the root image.
    package var kernels: [BootFileChoice.Candidate] = []
    /// Initrds, left out of the root image.
    package var initrds: [BootFileChoice.Candidate] = []
    /// The names in the staging folder of kernels and initrds, by their paths; several paths may share one.
    package var staged: [String: String] = [:]
    /// The chosen kernel; nil until it is chosen, and when there is none.
    package var kernel: BootFileChoice.Candidate?
    /// Content of small files by path: os-release, layout, fstab, what lies in the folders of keys, and private keys.
    package var texts: [String: [UInt8]] = [:]
    /// Kernel versions that have a folder of modules.
    package var moduleVersions: Set<KernelVersion> = []
    /// What lies where, as far as somebody asks.
    package var tree = TreeIndex()
    /// Files that run as their owner or group, and what everybody may write besides links and sticky folders, by path; each
    /// list ends at `permissionLimit`.
    package var (setuid, worldWritable): ([String], [String]) = ([], [])
    /// How many paths of unusual permissions are remembered: more are a mistake, and are said as such.
    package static let permissionLimit = 4_096
    /// What is worth saying, with counts.
    package var notes = ArchiveNotes()

    /// Far more than all keys of a system have.
    private static let textLimit = 8 << 20
    private var textLength = 0

    /// Begins with nothing.
    package init() {}

    /// The first process; nil when there is none.
    package var firstProcess: String? { RootfsRules.firstProcess(in: tree) }

    /// Whether the image refuses to be booted with a signature of the machine (`/usr/lib/lifeboot/refuse-local-images`).
    package var refusesLocalSignature: Bool {
        if case .found = tree.follow(RootfsRules.localRefusal) { true } else { false }
    }

    /// The machine type of kernel and first process; nil when neither says.
    package var architecture: String? {
        SystemArchitecture.of(
            kernel: kernel?.header?.architectures ?? [], program: firstProcess.flatMap { tree.architecture(of: $0) })
    }

    /// The content of os-release; nil when there is none.
    var osRelease: [UInt8]? { RootfsRules.osReleases.lazy.compactMap { texts[$0] }.first }

    /// The notes as sentences, counted where they came more than once.
    package var sentences: [String] {
        notes.counts.map { $0.count > 1 ? "\($0.message) (\($0.count) times)" : $0.message }
    }

    private mutating func recordPermissions(_ entry: ArchiveEntry, at path: String) {
        switch entry.kind {
        case .symbolicLink, .hardLink: return
        case .regular where entry.permissions & 0o6000 != 0 && setuid.count < Self.permissionLimit:
            setuid.append("/\(path)")
        case .directory where entry.permissions & 0o1000 != 0: return
        default: break
        }
        guard entry.permissions & 0o002 != 0, worldWritable.count < Self.permissionLimit else { return }
        worldWritable.append("/\(path)")
    }

    /// Remembers what lies at a path.
    mutating func record(_ entry: ArchiveEntry, at path: String) {
        recordPermissions(entry, at: path)
        if let version = RootfsRules.moduleVersion(path: path, isFolder: entry.kind == .directory) {
            moduleVersions.insert(version)
        }
        if case .hardLink(let target) = entry.kind {
            if RootfsRules.isIndexedFile(path) { tree.add(path, sameAs: target.description) }
            return
        }
        let node: TreeIndex.Node
        switch entry.kind {
        case .regular, .hardLink: node = .file(architecture: nil)
        case .directory: node = .directory(permissions: entry.permissions)
        case .symbolicLink(let target): node = .link(String(decoding: target, as: UTF8.self))
        case .characterDevice, .blockDevice, .fifo: node = .other
        }
        if RootfsRules.isIndexed(path: path, node: node) { tree.add(node, at: path) }
    }

    /// Remembers the content of a small file.
    ///
    /// - Throws: `ImageAssemblyError` when there are so many that they cannot be meant.
    mutating func record(text: [UInt8], at path: String) throws(ImageAssemblyError) {
        textLength += text.count
        guard textLength <= Self.textLimit else {
            throw .unsuitable(
                "packing", path, "keys and private keys up to this one have more than \(Self.textLimit >> 20) MiB",
                remedy: "Take out those that nobody needs.")
        }
        texts[path] = text
    }

    /// Remembers how the content of a file begins.
    mutating func record(head: [UInt8], at path: String) {
        guard RootfsRules.isIndexedFile(path), let architecture = SystemArchitecture.ofProgram(elf: head) else {
            return
        }
        tree.add(.file(architecture: architecture), at: path)
    }
}
