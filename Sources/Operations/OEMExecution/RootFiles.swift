import LinuxSystem
package import ShellConditions
package import SystemPackage

/// The files below a root, as conditions ask for them.
package struct RootFiles: ConditionFiles {
    private let root: String

    /// Looks below a root.
    package init(root: FilePath) { self.root = root == "/" ? "" : root.string }

    /// Looks a path up; links are followed by the kernel, which is what a program in the root sees when it is the root.
    package func attributes(of path: String) -> FileAttributes? {
        let place = root + path
        guard let own = try? FileStatus.of(FilePath(place), followingLinks: false) else { return nil }
        let target = (try? FileStatus.of(FilePath(place))).flatMap(\.self)
        return FileAttributes(isLink: own.kind == .link, target: target.map { self.target($0, place) })
    }

    private func target(_ status: FileStatus, _ place: String) -> FileTarget {
        let kind: FileTarget.Kind =
            switch status.kind {
            case .file: .regular
            case .directory: .folder
            default: .other
            }
        return FileTarget(
            kind, size: Int(clamping: status.size), isReadable: FileAccess.allows(.read, place),
            isWritable: FileAccess.allows(.write, place), isExecutable: FileAccess.allows(.execute, place))
    }

    /// Reads a file of the root.
    package func contents(of path: String, atMost limit: Int) -> FileContents {
        let place = FilePath(root + path)
        guard let status = (try? FileStatus.of(place)).flatMap(\.self), status.kind != .directory,
            FileAccess.allows(.read, place.string)
        else { return .unreadable }
        guard status.kind == .file, let bytes = try? FileBytes.read(place, limit: limit) else { return .unknown }
        return .bytes(bytes)
    }
}
