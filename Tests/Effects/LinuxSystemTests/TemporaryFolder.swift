import Foundation
import SystemPackage

@testable import LinuxSystem

/// Owns a folder for one test and removes it, with what is mounted below it, afterwards.
struct TemporaryFolder: ~Copyable {
    let path: FilePath

    init() throws {
        path = FilePath(NSTemporaryDirectory()).appending("lifeboot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    func makeFolder(_ name: String) throws -> FilePath {
        let folder = path.appending(name)
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        return folder
    }

    func write(_ text: String, to name: String) throws -> FilePath {
        let file = path.appending(name)
        try text.write(toFile: file.string, atomically: false, encoding: .utf8)
        return file
    }

    deinit {
        for entry in ((try? Procfs.mounts()) ?? []).reversed() where entry.target.starts(with: path) {
            try? Mount.unmount(entry.target, lazy: true)
        }
        try? FileManager.default.removeItem(atPath: path.string)
    }
}
