package import BootModel
package import BootPlanning
import DiskContract
import DocumentTree
package import ImageFolders
import ImageModel
import InstalledSystem
package import LinuxSystem
package import SystemLayout
package import SystemPackage
import YAMLDocuments

/// A root with filesystems of their own below it.
package struct RootFilesystems: Sendable {
    /// Where the root is.
    package let root: FilePath
    /// Where others are mounted, as the root names it.
    package let mountPoints: [FilePath]

    /// Describes a root.
    package init(root: FilePath, mountPoints: [FilePath]) {
        self.root = root
        self.mountPoints = mountPoints
    }

    /// Looks what is mounted below a root now.
    ///
    /// - Throws: `SystemError` when the table of mounts cannot be read.
    package init(mountedBelow root: FilePath) throws(SystemError) {
        let targets = try Procfs.mounts().map(\.target).filter { $0 != root && $0.starts(with: root) }
        self.init(
            root: root,
            mountPoints: targets.map { FilePath(root: "/", $0.components.dropFirst(root.components.count)) })
    }

    /// Reads a regular file; nil when its name does not exist.
    ///
    /// It is read from the filesystem that its path lies on: a link that leads to another one is not followed.
    func read(_ path: FilePath, limit: Int) throws -> [UInt8]? {
        let mount = mountPoints.filter { path.starts(with: $0) }.max { $0.components.count < $1.components.count }
        let folder = try DirectoryHandle(root: root).directory(mount ?? "/").withoutMounts()
        return try folder.read(
            FilePath(root: nil, path.components.dropFirst(mount?.components.count ?? 0)), limit: limit)
    }
}

/// Finds the layout that counts on a root.
package struct LayoutSearch: Sendable {
    /// The largest layout file that is read, in bytes.
    private static let limit = 64 * 1024

    let filesystems: RootFilesystems
    private let seal: SystemSeal
    /// What was passed over, one line each.
    package private(set) var notes: [String] = []

    /// Looks on a root.
    package init(_ filesystems: RootFilesystems, _ seal: SystemSeal) {
        self.filesystems = filesystems
        self.seal = seal
    }

    /// Reads the first file that counts, and says which it was; nil is the default layout.
    ///
    /// - Throws: `PlanningError` with file, line and column; `SystemError` for a file that cannot be read.
    package mutating func find() throws -> (file: FilePath?, layout: Layout) {
        for path in MachinePaths.layouts {
            guard let bytes = try filesystems.read(path, limit: Self.limit), counts(bytes, path) else { continue }
            return (path, try LayoutFile.read(bytes, path))
        }
        return try readCosLayout()
    }

    /// The variables that files of the family write in stage `rootfs`, where no layout file says more.
    private mutating func readCosLayout() throws -> (FilePath?, Layout) {
        let path = MachinePaths.cosLayout
        guard let bytes = try FileBytes.readIfPresent(path, limit: Self.limit) else { return (nil, .default) }
        do throws(DocumentError) {
            let cos = try CosLayout(parsing: String(decoding: bytes, as: UTF8.self))
            notes += cos.ignored.map { "\(path): \($0) means nothing here" }
            return (path, cos.layout)
        } catch { throw PlanningError.unreadable(path.string, error) }
    }

    /// Whether a layout file counts: in a sealed system one on OEM only with a signature; what does not count is noted.
    private mutating func counts(_ bytes: [UInt8], _ path: FilePath) -> Bool {
        guard path.starts(with: MachinePaths.oem) else { return true }
        do {
            let signature = try filesystems.read(
                SystemSeal.signature(of: path), limit: ImageFile.signature.sizeLimit)
            try seal.check(bytes, signature: signature, of: path)
            return true
        } catch {
            notes.append("\(path) does not count in a sealed system: \(error)")
            return false
        }
    }
}

extension StateFacts {
    /// Gathers what the state phase is planned from; recovery never depends on a layout file.
    ///
    /// - Throws: as `LayoutSearch.find()`, and `SystemError` for a path of the layout that cannot be looked up.
    package init(_ parameters: BootParameters, _ search: inout LayoutSearch) throws {
        let root = search.filesystems.root
        let (file, layout) = parameters.role == .recovery ? (nil, .default) : try search.find()
        let existing = try layout.ephemeralPaths.filter { path in
            try FileStatus.of(root.appending(path.components))?.kind == .directory
        }
        self.init(
            parameters: parameters, layout: layout, existing: Set(existing), layoutFile: file,
            hasOverlays: OverlayFolders.haveFiles(in: root))
    }
}

/// Reads a layout file.
package enum LayoutFile {
    /// Reads the bytes of a layout file; an empty one is the default layout.
    ///
    /// - Throws: `PlanningError` with file, line and column.
    package static func read(_ bytes: [UInt8], _ path: FilePath) throws(PlanningError) -> Layout {
        do throws(DocumentError) {
            guard let document = try YAMLDocument.parse(bytes) else { return .default }
            return try Layout(document)
        } catch { throw .unreadable(path.string, error) }
    }
}
