import LinuxSystem
import SystemPackage

/// A folder whose files are only written where they differ, each as a whole.
struct KeptFolder: ~Copyable {
    private let handle: DirectoryHandle
    private let owner: Ownership
    /// Whether something was changed.
    private(set) var isChanged: Bool

    /// Opens a folder below a root, and makes it, and those above it, where they are missing.
    ///
    /// - Parameter mode: what the folder is to have, and gets when it has another; nil leaves it, and makes it with 0755.
    init(_ path: FilePath, root: FilePath, mode: UInt16? = nil) throws(SystemError) {
        let top = try DirectoryHandle(root: root)
        let folder = try top.makeDirectory(
            path, permissions: FilePermissions(rawValue: mode == nil ? 0o755 : 0o700))
        let owner = try top.attributes().owner
        let isSet = try Self.set(mode, owner, of: folder)
        self.owner = owner
        isChanged = isSet
        handle = folder
    }

    private static func set(
        _ mode: UInt16?, _ owner: Ownership, of folder: borrowing DirectoryHandle
    ) throws(SystemError) -> Bool {
        let found = try folder.attributes()
        guard let mode, found.mode != mode || found.owner != owner else { return false }
        try folder.setAttributes(mode: mode, owner: owner)
        return true
    }

    /// Writes a file that differs in content, mode or owner.
    mutating func write(_ bytes: [UInt8], to name: FilePath.Component, mode: UInt16 = 0o600) throws(SystemError) {
        if try handle.replaceDifferent(name, with: bytes, mode: mode, owner: owner) { isChanged = true }
    }

    /// Removes the files whose names fit; folders stay.
    mutating func removeFiles(where isOld: (String) -> Bool) throws(SystemError) {
        for text in try handle.names() where isOld(text) {
            guard let name = FilePath.Component(text), let status = try handle.status(name),
                status.kind != .directory
            else { continue }
            try handle.remove(name)
            isChanged = true
        }
    }
}
