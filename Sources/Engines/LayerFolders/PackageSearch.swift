import Faults
import LinuxSystem
import PackageSpecs
import SystemPackage

/// Finds the files of packages below the folder `packages` of a layer.
///
/// A folder with a `package.yaml` is a package, and what is below it is its own: no other package is looked for there.
struct PackageSearch {
    /// The folder in a layer.
    static let folder: FilePath.Component = "packages"
    /// How much is looked at: names in all, packages, and folders inside each other.
    static let limits = (names: 65_536, packages: 4_096, depth: 16)

    /// The files, relative to the layer, in the order of their paths.
    private(set) var files: [FilePath] = []
    /// What is in the way: a package that would not be seen.
    private(set) var faults: [SpecError] = []
    private var names = 0

    /// Looks below a layer's folder.
    ///
    /// - Throws: `SpecError` when a folder cannot be read, or there is more than is looked at.
    init(_ layer: borrowing DirectoryHandle) throws(SpecError) {
        do throws(SystemError) {
            guard let status = try layer.status(Self.folder) else { return }
            let path = FilePath(root: nil, [Self.folder])
            guard status.kind == .directory else {
                faults.append(.link(path))
                return
            }
            try search(try layer.directory(path), path)
        } catch { throw SpecError(reading: layer.path, error) }
        if let fault = faults.first, fault.kind == .limit { throw fault }
    }

    private mutating func search(_ folder: borrowing DirectoryHandle, _ path: FilePath) throws(SystemError) {
        let names = try folder.names().sorted().filter { !$0.hasPrefix(".") }
        self.names += names.count
        guard isWithinLimits(path) else { return }
        if names.contains(PackageFile.fileName.string) {
            let file = path.appending(PackageFile.fileName)
            let isFile = try folder.status(PackageFile.fileName)?.kind == .file
            return isFile ? files.append(file) : faults.append(.link(file))
        }
        for text in names {
            guard let name = FilePath.Component(text) else { continue }
            switch try folder.status(name)?.kind {
            case .directory: try search(try folder.directory(FilePath(root: nil, [name])), path.appending(name))
            case .link where Self.leadsToFolder(folder.path.appending(name)): faults.append(.link(path.appending(name)))
            case .file where text == "package.yml": faults.append(.misnamed(path.appending(name)))
            default: continue
            }
        }
    }

    private static func leadsToFolder(_ path: FilePath) -> Bool {
        (try? FileStatus.of(path))?.kind == .directory
    }

    private mutating func isWithinLimits(_ path: FilePath) -> Bool {
        let isWithin =
            names <= Self.limits.names && files.count < Self.limits.packages
            && path.components.count <= Self.limits.depth
        if !isWithin, faults.first?.kind != .limit {
            let (names, packages, depth) = Self.limits
            faults.insert(
                SpecError(
                    .limit, "looking for packages in", path.string,
                    cause:
                        "there are more than \(names) names, \(packages) packages, or \(depth) folders in each other",
                    remedy:
                        "Keep only folders of packages below '\(Self.folder)'; files of a package belong into its folder."
                ),
                at: 0)
        }
        return isWithin
    }
}

extension SpecError {
    /// A file of a layer that cannot be read.
    init(reading path: FilePath, _ error: SystemError) {
        self.init(.file, "reading", path.string, because: error, remedy: "")
    }

    /// Something in whose place there should be a file or folder.
    fileprivate static func link(_ path: FilePath) -> SpecError {
        SpecError(
            .file, "looking for packages in", path.string,
            cause: "it is a link or a special file, and none is followed: a layer is its folder and nothing else",
            remedy: "Put there what it leads to.")
    }

    fileprivate static func misnamed(_ path: FilePath) -> SpecError {
        SpecError(
            .file, "looking for packages in", path.string, cause: "only files called \(PackageFile.fileName) are read",
            remedy: "Rename it.")
    }
}
