import Foundation
import Glibc
package import LinuxSystem
import SystemPackage

/// Runs `boatyard serve`, which is built beside the tests, on a free port of the loopback.
package final class ServingProcess {
    private var child: ChildProcess?
    /// The process.
    package let identifier: Int32
    /// Its port at 127.0.0.1.
    package let port: Int
    /// `host:port` as references spell it.
    package var host: String { "127.0.0.1:\(port)" }

    /// Whether this build of boatyard has the verb: what is optimised for machines is built without.
    package static var isBuilt: Bool { ThisProcess.variable("LIFEBOOT_WITHOUT_SERVER") == nil }

    /// Starts to serve a folder, and waits until it says where.
    package init(_ folder: String, _ options: [String] = []) throws {
        let program = try ThisProcess.program.removingLastComponent().appending("boatyard")
        let (output, its) = try FileDescriptor.pipe()
        defer { try? output.close() }
        do {
            defer { try? its.close() }
            child = try ChildProcess.spawn(
                program.string, ["serve", folder, "--listen", "127.0.0.1:0"] + options, output: .descriptor(its),
                errors: .discard)
        }
        let line = try Self.line(from: output)
        guard let port = Int(line.dropFirst("http://127.0.0.1:".count).dropLast()) else {
            throw ServerError("boatyard serve says no port: \(line)")
        }
        self.port = port
        identifier = child?.identifier ?? 0
    }

    private static func line(from file: FileDescriptor) throws -> String {
        var text: [UInt8] = []
        var byte: [UInt8] = [0]
        while try FileBlock.read(file, into: &byte) == 1, byte != [0x0A] { text += byte }
        return String(decoding: text, as: UTF8.self)
    }

    /// The most memory that the process ever had, in bytes (proc(5), VmHWM).
    package func peak() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 << 10 } ?? Int.max
    }

    /// Sends a signal, and gives how the process ended.
    package func end(by signal: Int32 = SIGTERM) throws -> ChildProcess.Termination? {
        kill(identifier, signal)
        return try child.take()?.wait(until: .after(.seconds(30))).termination
    }

    deinit {
        if child != nil { _ = try? end(by: SIGKILL) }
    }
}
