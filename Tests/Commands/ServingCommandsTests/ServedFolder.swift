import Foundation
import LinuxSystem
import RegistryAccess
import RegistryModel
import SystemPackage
import TestServers

/// A folder with a layout and files, and `boatyard serve` at work on it.
final class ServedFolder {
    private let server: ServingProcess
    /// What is served.
    let folder: TestFolder
    /// Its port at 127.0.0.1.
    var port: Int { server.port }
    /// `host:port` as references spell it.
    var host: String { server.host }

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
        server = try ServingProcess(folder.url.path, ["--files", plain.path])
    }

    /// Asks with curl; gives the status, and what the answer's head and body have.
    func curl(_ path: String, _ options: [String] = []) throws -> String {
        try Tool.run(
            "curl",
            ["-s", "-i", "--max-time", "30", "--noproxy", "*", "--path-as-is", "http://\(host)\(path)"] + options)
    }

    /// The most memory that the process ever had, in bytes.
    func peak() throws -> Int { try server.peak() }

    /// Sends a signal, and gives how the process ended.
    func end(by signal: Int32 = SIGTERM) throws -> ChildProcess.Termination? { try server.end(by: signal) }
}
