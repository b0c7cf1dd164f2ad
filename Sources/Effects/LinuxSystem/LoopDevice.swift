import CLinux
import Glibc
package import SystemPackage

/// Holds a loop device: a file seen as a block device.
///
/// With autoclear the kernel gives the device up when nobody has it open: keep the handle until it is mounted or mapped.
package struct LoopDevice: ~Copyable {
    private let owner: OwnedDescriptor
    /// The device node.
    package let path: FilePath
    /// Whether it reads past the page cache; false where the file's filesystem refuses that.
    package let isDirect: Bool

    /// Binds a file to a free loop device.
    ///
    /// The corresponding C call is `ioctl` with `LOOP_CONFIGURE`.
    /// - Parameters:
    /// - direct: bypass the page cache of the file, so that data is cached once only; not granted on every filesystem.
    /// - autoclear: give the device up once nobody uses it.
    /// - blockSize: logical block size, 512 to 4096; nil for that of the disk below, without which nothing bypasses the cache.
    /// - Throws: `SystemError` when there is no file, no loop driver or no permission.
    package static func attach(
        _ file: FilePath, readOnly: Bool = true, direct: Bool = true, autoclear: Bool = true, blockSize: UInt32? = nil
    ) throws(SystemError) -> LoopDevice {
        let control = try open("/dev/loop-control", .readWrite)
        // A pipe in the image's place is refused by the kernel as soon as it is bound; only opening it must not wait.
        let backing = try open(file, readOnly ? .readOnly : .readWrite, .withoutWaiting)
        let size: UInt32
        if let blockSize { size = blockSize } else { size = try Self.blockSize(below: backing.descriptor, file) }
        // Another process may take the free device between the two calls; each failure then means someone else's success.
        for _ in 0..<64 {
            let path = try free(control.descriptor)
            let loop = try open(path, readOnly ? .readOnly : .readWrite)
            do throws(Errno) {
                try configure(loop.descriptor, backing.descriptor, readOnly, direct, autoclear, size, file)
                return LoopDevice(owner: loop, path: path)
            } catch {
                if error != .resourceBusy { throw .loop("attaching", file, error) }
            }
        }
        throw .loop("attaching", file, .resourceBusy)
    }

    private init(owner: consuming OwnedDescriptor, path: FilePath) {
        isDirect = clinux_loop_is_direct(owner.descriptor.rawValue) == 1
        self.owner = owner
        self.path = path
    }

    private static func open(
        _ path: FilePath, _ mode: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions = []
    ) throws(SystemError) -> OwnedDescriptor {
        do throws(Errno) {
            return try OwnedDescriptor(opening: path, mode, options: options)
        } catch {
            throw .loop("opening", path, error)
        }
    }

    /// The size of the sectors of the disk that a file lies on; 512 where it lies on none, as in memory.
    private static func blockSize(below file: FileDescriptor, _ name: FilePath) throws(SystemError) -> UInt32 {
        let disk: (major: UInt32, minor: UInt32)
        do throws(Errno) { disk = try FileStatus.of(file).filesystem } catch { throw .loop("looking at", name, error) }
        // The folder of a partition lies in that of its disk.
        let folder = FilePath("/sys/dev/block/\(disk.major):\(disk.minor)")
        for queue in ["queue/logical_block_size", "../queue/logical_block_size"] {
            guard let text = try? FileBytes.readIfPresent(FilePath("\(folder)/\(queue)"), limit: 64) else { continue }
            let digits = String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
            if let size = UInt32(digits), (512...4096).contains(size) { return size }
        }
        return 512
    }

    private static func free(_ control: FileDescriptor) throws(SystemError) -> FilePath {
        do throws(Errno) {
            return FilePath("/dev/loop\(try systemCall { clinux_loop_free(control.rawValue) })")
        } catch {
            throw .loop("taking a device from", "/dev/loop-control", error)
        }
    }

    private static func configure(
        _ loop: FileDescriptor, _ file: FileDescriptor, _ readOnly: Bool, _ direct: Bool, _ autoclear: Bool,
        _ blockSize: UInt32, _ name: FilePath
    ) throws(Errno) {
        func attempt(_ direct: Bool) throws(Errno) {
            _ = try systemCall {
                unsafe clinux_loop_configure(
                    loop.rawValue, file.rawValue, readOnly ? 1 : 0, direct ? 1 : 0, autoclear ? 1 : 0, blockSize,
                    name.string)
            }
        }
        do throws(Errno) {
            try attempt(direct)
        } catch {
            // Newer kernels refuse what older ones silently did without.
            guard direct, error == .invalidArgument else { throw error }
            try attempt(false)
        }
    }

    /// Takes the file off the device; with users left that happens when the last one is gone.
    /// - Throws: `SystemError` when the kernel refuses.
    package consuming func detach() throws(SystemError) {
        let (descriptor, path) = (owner.descriptor.rawValue, path)
        do throws(Errno) {
            _ = try systemCall { clinux_loop_clear(descriptor) }
        } catch {
            throw .loop("detaching", path, error)
        }
    }

    /// Takes the file off a device that is known by its path only; nothing when it has none any more, as with
    /// automatic clearing after the last user is gone.
    /// - Throws: `SystemError` when the kernel refuses.
    package static func detach(_ path: FilePath) throws(SystemError) {
        do throws(SystemError) { try LoopDevice(owner: open(path, .readOnly), path: path).detach() } catch {
            guard error.errno == .noSuchAddressOrDevice else { throw error }
        }
    }
}
