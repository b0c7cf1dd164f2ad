import Foundation
import LinuxSystem
import SystemPackage

/// A file that stands in for a partition, and goes with its owner.
struct PartitionFile: ~Copyable {
    let path: FilePath

    init(megabytes: Int, filledWith byte: UInt8? = nil) throws {
        path = FilePath("/tmp/lifeboot-filesystem-\(UUID().uuidString)")
        let file = try OwnedDescriptor(opening: path, .readWrite, options: .create, permissions: .ownerReadWrite)
        if let byte { try file.descriptor.writeAll([UInt8](repeating: byte, count: megabytes << 20)) }
        try file.descriptor.resize(to: Int64(megabytes) << 20)
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }
}

/// What a program printed on standard output.
func output(_ program: String, _ arguments: [String]) throws -> String {
    String(decoding: try ChildProcess.run(program, arguments).requireSuccess().standardOutput, as: UTF8.self)
}
