import Foundation
import ShellConditions

/// The files below a folder.
struct RealFiles: ConditionFiles {
    let root: String

    func attributes(of path: String) -> FileAttributes? {
        var status = stat()
        guard lstat(root + path, &status) == 0 else { return nil }
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        guard stat(root + path, &status) == 0 else { return FileAttributes(isLink: isLink, target: nil) }
        let target = FileTarget(
            kind(of: status), size: Int(status.st_size), isReadable: mayAccess(path, R_OK),
            isWritable: mayAccess(path, W_OK), isExecutable: mayAccess(path, X_OK))
        return FileAttributes(isLink: isLink, target: target)
    }

    func contents(of path: String, atMost limit: Int) -> FileContents {
        var status = stat()
        guard stat(root + path, &status) == 0 else { return .unreadable }
        guard kind(of: status) != .other else { return .unknown }
        guard kind(of: status) == .regular, let data = FileManager.default.contents(atPath: root + path) else {
            return .unreadable
        }
        return data.count > limit ? .unknown : .bytes(Array(data))
    }

    private func mayAccess(_ path: String, _ mode: Int32) -> Bool {
        faccessat(AT_FDCWD, root + path, mode, AT_EACCESS) == 0
    }

    private func kind(of status: stat) -> FileTarget.Kind {
        switch status.st_mode & S_IFMT {
        case S_IFREG: .regular
        case S_IFDIR: .folder
        default: .other
        }
    }
}
