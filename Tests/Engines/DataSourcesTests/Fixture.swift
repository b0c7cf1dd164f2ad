import Foundation
import SystemPackage
import TestServers

/// A root with some files, for one test.
final class Fixture {
    private let folder: TestFolder
    /// The root.
    var root: FilePath { FilePath(folder.url.path) }

    init(_ files: [String: String] = [:]) throws {
        folder = try TestFolder()
        for (path, text) in files { try write(text, to: path) }
    }

    func write(_ text: String, to path: String) throws {
        let url = folder.url.appending(path: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// The text of a file; nil when it is not there.
    func text(_ path: String) -> String? {
        (try? Data(contentsOf: folder.url.appending(path: path))).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The names in a folder.
    func names(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: path).path)) ?? []).sorted()
    }

    /// Permission bits.
    func mode(_ path: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder.url.appending(path: path).path)
        return (attributes?[.posixPermissions] as? NSNumber)?.intValue
    }

    /// When a file was last put in place, as its inode's number.
    func inode(_ path: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder.url.appending(path: path).path)
        return (attributes?[.systemFileNumber] as? NSNumber)?.intValue
    }

    func link(_ path: String, to target: String) throws {
        let url = folder.url.appending(path: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: target)
    }
}
