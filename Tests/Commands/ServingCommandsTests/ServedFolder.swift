import Foundation
import LinuxSystem
import RegistryAccess
import RegistryModel
import SystemPackage
import TestServers

/// A folder with a layout and files, and `boatyard serve` at work on it.
final class ServedFolder {
    private var child: ChildProcess?
    /// What is served.
    let folder: TestFolder
    /// The process.
    let identifier: Int32
    /// Its port at 127.0.0.1.
    let port: Int

    /// `host:port` as references spell it.
    var host: String { "127.0.0.1:\(port)" }

    /// Makes a layout `team/os` with the documents and blobs that a body pushes, and starts to serve.
    init(
        files: [String: Data] = [:], _ fill: (inout LayoutTarget) throws -> Void = { _ in }
    ) throws {
        folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder.path("team"), withIntermediateDirectories: true)
        guard case .layout(let entry) = try SourceReference(typed: "oci:\(folder.path("team/os"))") else {
            throw ServerError("no layout")
        }
        var target = try LayoutTarget(entry)
        try fill(&target)
        let plain = folder.url.appending(path: "files")
        try FileManager.default.createDirectory(at: plain, withIntermediateDirectories: true)
        for (name, data) in files { try data.write(to: plain.appending(path: name)) }
        // Tests are built beside the program.
        let program = try ThisProcess.program.removingLastComponent().appending("boatyard")
        let (output, its) = try FileDescriptor.pipe()
        defer { try? output.close() }
        do {
            defer { try? its.close() }
            child = try ChildProcess.spawn(
                program.string, ["serve", folder.url.path, "--listen", "127.0.0.1:0", "--files", plain.path],
                output: .descriptor(its),
                errors: .discard)
        }
        let line = try Self.line(from: output)
        guard let port = Int(line.dropFirst("http://127.0.0.1:".count).dropLast()) else {
            throw ServerError("no port: \(line)")
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

    /// Asks with curl; gives the status, and what the answer's head and body have.
    func curl(_ path: String, _ options: [String] = []) throws -> String {
        try Tool.run(
            "curl",
            ["-s", "-i", "--max-time", "30", "--noproxy", "*", "--path-as-is", "http://\(host)\(path)"] + options)
    }

    /// The most memory that the process ever had, in bytes (proc(5), VmHWM).
    func peak() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 << 10 } ?? Int.max
    }

    /// Sends a signal, and gives how the process ended.
    func end(by signal: Int32 = SIGTERM) throws -> ChildProcess.Termination? {
        kill(identifier, signal)
        return try child.take()?.wait(until: .after(.seconds(30))).termination
    }

    deinit {
        if child != nil { _ = try? end(by: SIGKILL) }
    }
}
