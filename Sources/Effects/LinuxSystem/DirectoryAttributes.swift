import CLinux
import Glibc
package import SystemPackage

/// Gives a folder the attributes of another: an overlay's root takes them from its upper layer.
package enum DirectoryAttributes {
    /// Copies owner, group, permissions, extended attributes and times.
    ///
    /// - Throws: `SystemError` when they cannot be read or set; an extended attribute that the target's file system does
    ///   not know is no error.
    package static func copy(from source: FilePath, to target: FilePath) throws(SystemError) {
        var status = stat()
        do throws(Errno) {
            _ = try systemCall { unsafe stat(source.string, &status) }
            let (owner, group, mode) = (status.st_uid, status.st_gid, status.st_mode & 0o7777)
            _ = try systemCall { unsafe lchown(target.string, owner, group) }
            _ = try systemCall { unsafe chmod(target.string, mode) }
            try ExtendedAttributes.copy(from: source, to: target)
            try copyTimes(status, to: target)
        } catch {
            throw .file("copying attributes to", target, error)
        }
    }

    /// Sets the times of access and change; a link gets its own, not those of what it leads to.
    ///
    /// The corresponding C function is `utimensat`.
    static func copyTimes(_ status: stat, to target: FilePath) throws(Errno) {
        let times = [status.st_atim, status.st_mtim]
        _ = try systemCall { unsafe utimensat(AT_FDCWD, target.string, times, AT_SYMLINK_NOFOLLOW) }
    }
}

/// Copies extended attributes of files, links excepted from following.
enum ExtendedAttributes {
    /// Copies all of them.
    ///
    /// The corresponding C functions are `llistxattr`, `lgetxattr` and `lsetxattr`.
    static func copy(from source: FilePath, to target: FilePath) throws(Errno) {
        for name in try names(of: source) {
            let value = try value(name, of: source)
            do throws(Errno) {
                try set(name, value, of: target)
            } catch {
                guard error == .notSupported || error == .notPermitted else { throw error }
            }
        }
    }

    private static func names(of path: FilePath) throws(Errno) -> [String] {
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        do throws(Errno) {
            let count = try systemCall { unsafe clinux_attribute_names(path.string, &buffer, UInt(buffer.count)) }
            return buffer.prefix(count).split(separator: 0).map { name in
                String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
        } catch {
            if error == .notSupported { return [] }
            throw error
        }
    }

    /// Sets one.
    static func set(_ name: String, _ value: [UInt8], of path: FilePath) throws(Errno) {
        _ = try systemCall { unsafe clinux_set_attribute(path.string, name, value, UInt(value.count)) }
    }

    /// One by name; nil when there is none of the name, or the filesystem has none at all.
    static func valueIfPresent(_ name: String, of path: FilePath) throws(Errno) -> [UInt8]? {
        do throws(Errno) { return try value(name, of: path) } catch {
            if error == .notSupported || error == Errno(rawValue: ENODATA) { return nil }
            throw error
        }
    }

    private static func value(_ name: String, of path: FilePath) throws(Errno) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = try systemCall { unsafe clinux_attribute_value(path.string, name, &buffer, UInt(buffer.count)) }
        return Array(buffer.prefix(count))
    }
}
