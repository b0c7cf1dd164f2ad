import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import Squashfs

/// Owns a folder in which one squashfs is written and looked at with the real tools.
final class SquashfsFixture {
    let path: String
    var options = SquashfsOptions(time: 1_000_000_000)

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "squashfs-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Has a sound image in which one byte was changed: for seeds below 24 in the superblock, up to 39 anywhere.
    convenience init(damage seed: Int) throws {
        try self.init()
        try write { try $0.file("a/file", [UInt8](repeating: 7, count: 300_000)) }
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: image.string)))
        if seed < 24 { bytes[seed * 4] ^= 0x5A } else { bytes[(bytes.count - 1) * seed / 40] ^= 0xFF }
        try Data(bytes).write(to: URL(filePath: image.string))
    }

    var image: FilePath { FilePath(path).appending("image") }

    @discardableResult
    func write(_ name: String = "image", _ body: (inout SquashfsWriter) throws -> Void) throws -> Int {
        var writer = try SquashfsWriter(path: FilePath(path).appending(name), options: options)
        try body(&writer)
        return try writer.finish()
    }

    @discardableResult
    func run(_ script: String, timeout: Duration = .seconds(60)) throws -> String {
        let outcome = try ChildProcess.run(
            "/bin/sh", ["-ec", script], directory: FilePath(path), output: .capture(atMost: 16 << 20),
            timeout: timeout
        ).requireSuccess()
        return String(decoding: outcome.standardOutput, as: UTF8.self)
    }

    /// What GNU tar lists of the filesystem, one line an entry: mode, owner, size or device, time, name.
    func listing(_ name: String = "image") throws -> [String] {
        try run("sqfs2tar \(name) | tar -tv --numeric-owner --utc --full-time --quoting-style=escape")
            .split(separator: "\n")
            .map { $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ") }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension SquashfsWriter {
    /// Writes a whole file.
    mutating func file(
        _ path: String, _ content: [UInt8], _ attributes: SquashfsAttributes = SquashfsAttributes(permissions: 0o644)
    ) throws {
        try beginFile(at: Array(path.utf8), attributes, size: content.count)
        try write(content.span)
        try endFile()
    }
}
