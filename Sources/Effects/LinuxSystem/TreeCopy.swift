import CLinux
import Glibc
package import SystemPackage

/// Copies a folder with all that is in it: files, folders, links, owners, permissions, times and extended attributes.
package enum TreeCopy {
    /// Copies the content of one folder into another, which must exist and be empty.
    ///
    /// Hard links become separate files; sockets and device nodes are left out.
    ///
    /// - Parameter whileCopying: called after every entry and every MiB, so that a watchdog can be served.
    /// - Throws: `SystemError` naming the first path that cannot be copied; what was copied stays.
    package static func copy(
        _ source: FilePath, to target: FilePath, whileCopying: () -> Void = {}
    ) throws(SystemError) {
        for name in try Folders.names(of: source) {
            try copyEntry(source.appending(name), target.appending(name), whileCopying)
            whileCopying()
        }
        try DirectoryAttributes.copy(from: source, to: target)
    }

    /// Copies one file, link or folder to a name that is free; sockets and device nodes are left out.
    ///
    /// - Throws: as `copy`.
    package static func copyEntry(
        _ source: FilePath, _ target: FilePath, _ whileCopying: () -> Void = {}
    ) throws(SystemError) {
        guard let status = try FileStatus.of(source, followingLinks: false) else { return }
        switch status.kind {
        case .directory:
            try Folders.make(target, permissions: 0o700)
            try copy(source, to: target, whileCopying: whileCopying)
        case .file: try copyFile(source, target, status, whileCopying)
        case .link: try copyLink(source, target)
        case .blockDevice, .other: break
        }
    }

    private static func copyFile(
        _ source: FilePath, _ target: FilePath, _ status: FileStatus, _ whileCopying: () -> Void
    ) throws(SystemError) {
        do throws(Errno) {
            let input = try OwnedDescriptor(opening: source, options: .noFollow)
            let output = try OwnedDescriptor(
                opening: target, .writeOnly, options: [.create, .exclusiveCreate, .noFollow],
                permissions: .ownerReadWrite)
            let (from, to) = (input.descriptor.rawValue, output.descriptor.rawValue)
            while try systemCall({ sendfile(to, from, nil, 1 << 20) }) > 0 {
                // Else the flush at the end takes all the time at once, in which nobody is called.
                EarlyWriting.start(output.descriptor)
                whileCopying()
            }
            try output.close()
        } catch { throw .file("copying", source, error) }
        try DirectoryAttributes.copy(from: source, to: target)
    }

    private static func copyLink(_ source: FilePath, _ target: FilePath) throws(SystemError) {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        var status = stat()
        do throws(Errno) {
            let count = try systemCall { unsafe readlink(source.string, &buffer, buffer.count - 1) }
            let text = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            _ = try systemCall { unsafe symlink(text, target.string) }
            _ = try systemCall { unsafe lstat(source.string, &status) }
            let (owner, group) = (status.st_uid, status.st_gid)
            _ = try systemCall { unsafe lchown(target.string, owner, group) }
            try ExtendedAttributes.copy(from: source, to: target)
            try DirectoryAttributes.copyTimes(status, to: target)
        } catch { throw .file("copying", source, error) }
    }
}
