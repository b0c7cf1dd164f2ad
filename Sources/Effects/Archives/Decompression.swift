import LinuxSystem
import SystemPackage

/// Decompresses what is in memory.
package enum Decompression {
    /// The bytes that a compressed text stands for.
    ///
    /// - Parameter limit: the most that it may become, in bytes.
    /// - Throws: `ArchiveError` when it is damaged, or becomes more; `SystemError` without memory.
    package static func bytes(of compressed: [UInt8], limit: Int) throws -> [UInt8] {
        let file = try MemoryFile(compressed)
        let content = try DecompressedFile.head(of: file.path, count: limit + 1)
        guard content.count <= limit else {
            throw ArchiveError.damaged(file.path, "it becomes more than \(limit) bytes")
        }
        return content
    }
}
