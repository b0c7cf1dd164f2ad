import Glibc
import SystemPackage

/// Reads a folder's names as the bytes that they are.
@safe
struct FolderStream: ~Copyable {
    private let stream: OpaquePointer

    init(opening path: FilePath, followingLinks: Bool = false) throws(Errno) {
        let flags = followingLinks ? Self.flags & ~O_NOFOLLOW : Self.flags
        let descriptor = try systemCall { unsafe path.withPlatformString { unsafe Glibc.open($0, flags) } }
        unsafe stream = try Self.stream(of: descriptor)
    }

    @unsafe
    init(opening name: UnsafePointer<CChar>, in folder: borrowing FolderStream) throws(Errno) {
        let descriptor = folder.descriptor
        unsafe stream = try Self.stream(of: try systemCall { unsafe openat(descriptor, name, Self.flags) })
    }

    private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    @unsafe
    private static func stream(of descriptor: CInt) throws(Errno) -> OpaquePointer {
        guard let stream = unsafe fdopendir(descriptor) else {
            let code = Errno(rawValue: errno)
            Glibc.close(descriptor)
            throw code
        }
        return unsafe stream
    }

    /// Starts over, with what was added meanwhile.
    mutating func rewind() { unsafe rewinddir(stream) }

    /// The next name except `.` and `..`, valid until the next call; nil at the end.
    @unsafe
    mutating func next() throws(Errno) -> UnsafePointer<CChar>? {
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else { throw Errno(rawValue: errno) }
                return nil
            }
            let name = unsafe UnsafeRawPointer(entry).advanced(by: MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
                .assumingMemoryBound(to: CChar.self)
            if unsafe strcmp(name, ".") != 0, unsafe strcmp(name, "..") != 0 { return unsafe name }
        }
    }

    /// The descriptor, valid as long as the stream lives.
    var descriptor: CInt { unsafe dirfd(stream) }

    /// All names in byte order, as C strings with their ends.
    mutating func sortedNames() throws(Errno) -> [[CChar]] {
        var names: [[CChar]] = []
        while let name = unsafe try next() {
            unsafe names.append(Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
        }
        return names.sorted { one, other in
            one.lexicographicallyPrecedes(other) { UInt8(bitPattern: $0) < UInt8(bitPattern: $1) }
        }
    }

    deinit { unsafe closedir(stream) }
}
