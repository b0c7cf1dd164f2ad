import CLinux
import Glibc
package import SystemPackage

/// Writes settings of the kernel, which are files without a length.
package enum SettingFile {
    /// Writes a value in one call, as the kernel takes it.
    ///
    /// - Throws: `SystemError` when there is no such setting, or the kernel does not take the value.
    package static func write(_ value: String, to path: FilePath) throws(SystemError) {
        do throws(Errno) {
            let file = try OwnedDescriptor(opening: path, .writeOnly, options: .noFollow)
            try file.use { (file) throws(Errno) in
                _ = try catchingErrno { try file.writeAll(Array("\(value)\n".utf8)) }
            }
            try file.close()
        } catch { throw .file("setting", path, error) }
    }
}

/// A file that has no name and goes with its owner.
package struct MemoryFile: ~Copyable {
    private let owner: OwnedDescriptor

    /// Makes a file of bytes.
    ///
    /// The corresponding C function is `memfd_create`.
    ///
    /// - Throws: `SystemError` when there is no memory for it.
    package init(_ bytes: [UInt8]) throws(SystemError) {
        do throws(Errno) { owner = try Self.made(of: bytes) } catch {
            throw .file("writing", "a file in memory", error)
        }
    }

    private static func made(of bytes: [UInt8]) throws(Errno) -> OwnedDescriptor {
        let owner = OwnedDescriptor(
            owning: FileDescriptor(rawValue: try systemCall { unsafe clinux_memfd("memory-file") }))
        try owner.use { (file) throws(Errno) in _ = try catchingErrno { try file.writeAll(bytes) } }
        return owner
    }

    /// Leaves it, open at its beginning, to the program that this process becomes; returns its descriptor.
    ///
    /// The corresponding C functions are `lseek` and `fcntl`.
    ///
    /// - Throws: `SystemError` when the kernel refuses.
    package consuming func leaveToNextProgram() throws(SystemError) -> Int32 {
        do throws(Errno) {
            let file = owner.descriptor
            _ = try catchingErrno { try file.seek(offset: 0, from: .start) }
            _ = try systemCall { fcntl(file.rawValue, F_SETFD, 0) }
        } catch { throw .file("keeping", "a file in memory", error) }
        return owner.release().rawValue
    }

    /// A path by which this process opens it, while the owner lives.
    package var path: FilePath { FilePath("/proc/self/fd/\(owner.descriptor.rawValue)") }
}
