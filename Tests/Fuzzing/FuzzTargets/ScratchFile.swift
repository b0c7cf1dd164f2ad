import LinuxSystem
import SystemPackage

/// A file in memory for readers that want a path; it goes with this value.
struct ScratchFile: ~Copyable {
    let path: FilePath

    init(_ bytes: [UInt8]) throws {
        path = FilePath("/dev/shm/lifeboot-fuzz-\(UInt64.random(in: 0 ... .max))")
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(bytes) }
    }

    deinit { try? Folders.removeFile(path) }
}
