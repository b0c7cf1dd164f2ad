import Foundation
package import SystemPackage

/// A folder that is removed with the test.
package final class TestFolder {
    /// Where it is.
    package let path: FilePath

    /// Makes it, in memory where that can be written.
    package init() throws {
        // In memory: the sweeps flush thousands of times.
        let memory = URL(fileURLWithPath: "/dev/shm")
        let isThere = FileManager.default.isWritableFile(atPath: memory.path)
        let parent = isThere ? memory : FileManager.default.temporaryDirectory
        let url = parent.appendingPathComponent("store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = FilePath(url.path)
    }

    /// Writes a file in it, and the folders above that.
    package func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: path.appending(name).string)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// The names in a folder in it, sorted.
    package func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path.appending(folder).string).sorted()
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }
}
