import Foundation
import TestServers

/// Debian's docker-registry on the host, which guests with a network card reach at 10.0.2.2.
///
/// It can be stopped, killed and started again: port and content stay. It ends with the handle at the latest.
actor TestRegistry {
    /// How guests get in.
    enum Access: Sendable {
        /// Plain HTTP, for everybody.
        case plain
        /// HTTPS with a certificate of a private authority, and a password.
        case secure
    }

    static let user = "captain"
    static let password = "lifeboot-7"

    let access: Access
    let port: Int
    /// Where its files are.
    nonisolated let directory: String
    private let authority: TestAuthority?
    private var process: HostProcess?
    private var starts = 0

    /// Prepares a registry whose files are all in `directory`, without starting it.
    init(_ access: Access, in directory: String) async throws {
        self.access = access
        self.directory = "\(directory)/registry"
        port = try LoopbackPort.free()
        try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: true)
        authority = access == .secure ? try await TestAuthority(in: self.directory) : nil
        if access == .secure {
            let line = try await HostCommand.run("htpasswd", ["-Bbn", Self.user, Self.password])
            try line.write(toFile: "\(self.directory)/accounts", atomically: false, encoding: .utf8)
        }
        try configuration.write(toFile: "\(self.directory)/config.yml", atomically: false, encoding: .utf8)
    }

    /// How guests call it.
    nonisolated var guestName: String { "10.0.2.2:\(port)" }
    /// How programs of the host call it.
    nonisolated var hostName: String { "127.0.0.1:\(port)" }
    /// Where the registry keeps its blobs, for scenarios that damage them.
    nonisolated var data: String { "\(directory)/data/docker/registry/v2" }
    /// What the registry said.
    var log: String { process?.log ?? "" }

    /// Starts it and waits until it answers.
    func start() async throws {
        starts += 1
        process = try HostProcess(
            "docker-registry", ["serve", "\(directory)/config.yml"], log: "\(directory)/log\(starts)")
        let deadline = ContinuousClock.now + .seconds(30)
        while !LoopbackPort.listens(port) {
            guard ContinuousClock.now < deadline else { throw MachineError("start docker-registry", log) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Lets it finish what it does.
    func stop() async throws {
        process?.terminate()
        _ = try await process?.end(within: .seconds(30))
        process = nil
    }

    /// Ends it in the middle of what it does.
    func kill() async throws {
        process?.kill()
        _ = try await process?.end(within: .seconds(30))
        process = nil
    }

    /// `/oem/lifeboot.yaml` of a guest that is to use it.
    nonisolated var agentConfiguration: String {
        let options =
            switch access {
            case .plain: "    plain-http: true"
            case .secure: "    ca: /oem/registry.pem\n    auth-file: /oem/auth.json"
            }
        return "registries:\n  \"\(guestName)\":\n\(options)\n"
    }

    /// Lets the guest of a disk use it: configuration, authority and password go to the OEM partition.
    nonisolated func configure(_ disk: DiskEditor, further: String = "") async throws {
        try await disk.setFile("/lifeboot.yaml", on: "oem", to: Array((agentConfiguration + further).utf8))
        guard access == .secure else { return }
        let authority = FileManager.default.contents(atPath: "\(directory)/ca.pem") ?? Data()
        try await disk.setFile("/registry.pem", on: "oem", to: Array(authority))
        let login = Data("\(Self.user):\(Self.password)".utf8).base64EncodedString()
        let file = "{\"auths\": {\"\(guestName)\": {\"auth\": \"\(login)\"}}}\n"
        try await disk.setFile("/auth.json", on: "oem", to: Array(file.utf8))
    }

    private nonisolated var configuration: String {
        var lines = [
            "version: 0.1", "log: {level: warn}",
            "storage: {filesystem: {rootdirectory: \(directory)/data}, delete: {enabled: true}}",
            "http:", "  addr: 127.0.0.1:\(port)",
        ]
        if access == .secure {
            lines.append("  tls: {certificate: \(directory)/server.pem, key: \(directory)/server.key}")
            lines.append("auth: {htpasswd: {realm: test, path: \(directory)/accounts}}")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
