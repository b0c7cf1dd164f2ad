package import Foundation
import Glibc
import LinuxSystem
import SystemPackage

/// Says what a test server could not do.
package struct ServerError: Error, CustomStringConvertible {
    /// What happened.
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// Runs a program that ends when its standard input does, which is at the latest when this process ends.
package final class ServerProcess {
    private var child: ChildProcess?
    /// The first line that the program printed.
    package let firstLine: String

    /// Starts a Python program of this folder and waits for its first line, at most 20 seconds.
    package init(script: String, _ arguments: [String]) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let (output, its) = try FileDescriptor.pipe()
        defer { try? output.close() }
        do {
            defer { try? its.close() }
            child = try ChildProcess.spawn(
                "python3", [folder.appending(path: script).path] + arguments, output: .descriptor(its),
                errors: .discard)
        }
        firstLine = try Self.line(from: output.rawValue)
    }

    private static func line(from descriptor: Int32) throws -> String {
        var text: [UInt8] = []
        while text.last != UInt8(ascii: "\n") {
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            var byte: UInt8 = 0
            guard poll(&watched, 1, 20_000) == 1, read(descriptor, &byte, 1) == 1 else {
                throw ServerError("the server did not start")
            }
            text.append(byte)
        }
        return String(decoding: text.dropLast(), as: UTF8.self)
    }

    deinit {
        // Closes its standard input first.
        if let child = child.take() { _ = try? child.wait(until: .after(.seconds(20))) }
    }
}

/// Owns a folder for one test and removes it afterwards.
package final class TestFolder {
    /// The folder.
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "lifeboot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// The path of a file in it.
    package func path(_ name: String) -> String { url.appending(path: name).path }

    deinit { try? FileManager.default.removeItem(at: url) }
}
