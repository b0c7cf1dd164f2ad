import Foundation

/// A folder of layouts that `boatyard serve` serves, which guests with a network card reach at 10.0.2.2.
///
/// It is filled as a team without a registry fills it: by publishing into layouts, while they are served.
final class ServedSite: Sendable {
    /// The layout of images and of their channel.
    let layout: String
    /// The folder with what may sign.
    let keys: String
    /// How guests call the server.
    let guestName: String
    private let directory: String
    private let process: HostProcess

    /// Starts a server of a site without images.
    ///
    /// - Parameter keys: the folder with `lifeboot.key`.
    init(in directory: String, keys: String) async throws {
        (self.directory, self.keys, layout) = (directory, keys, "\(directory)/site/os")
        try FileManager.default.createDirectory(atPath: "\(directory)/site", withIntermediateDirectories: true)
        process = try HostProcess(
            InstalledSystem.boatyard, ["serve", "\(directory)/site", "--listen", "127.0.0.1:0"],
            log: "\(directory)/serve.log")
        guestName = "10.0.2.2:\(try await Self.port(process))"
    }

    /// The port of the address that it prints when it listens.
    static func port(_ process: HostProcess) async throws -> Substring {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            if let match = process.log.firstMatch(of: #/http://127\.0\.0\.1:([0-9]+)//#) { return match.1 }
            guard ContinuousClock.now < deadline else { throw MachineError("start boatyard serve", process.log) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Lets it end as systemd would.
    func stop() async throws {
        process.terminate()
        let status = try await process.end(within: .seconds(30))
        guard status == 0 else { throw MachineError("stop boatyard serve", "status \(status): \(process.log)") }
    }

    /// What a guest types to get something of it.
    func source(_ tag: String) -> String { "oci://\(guestName)/os:\(tag)" }

    /// `/oem/lifeboot.yaml` of a guest that is to follow its channel.
    func configure(_ disk: DiskEditor, further: String = "") async throws {
        let text = "registries:\n  \"\(guestName)\":\n    plain-http: true\nchannel: \(source("stable"))\n\(further)"
        try await disk.setFile("/lifeboot.yaml", on: "oem", to: Array(text.utf8))
    }

    /// Publishes an image directory, signed.
    func publish(_ image: String, as tag: String) async throws {
        try await boatyard(["image", "publish", image, "oci:\(layout):\(tag)", "--key", "\(keys)/lifeboot.key"])
    }

    /// Puts a container image into it, signed.
    ///
    /// - Parameter image: as skopeo names it.
    func copy(_ image: String, as tag: String) async throws {
        try await HostCommand.run(
            "skopeo", ["--insecure-policy", "copy", "--quiet", image, "oci:\(layout):\(tag)"], within: .seconds(300))
        try await boatyard(["sign", "oci:\(layout):\(tag)", "--key", "\(keys)/lifeboot.key"])
    }

    /// Adds what a tag names to the channel, and publishes that.
    func offer(_ tag: String) async throws {
        let file = "\(directory)/stable.json"
        if !FileManager.default.fileExists(atPath: file) {
            try await boatyard(["channel", "create", "--name", "stable", "-o", file])
        }
        try await boatyard(["channel", "add", file, "oci:\(layout):\(tag)"])
        try await boatyard(["channel", "publish", file, "oci:\(layout):stable", "--key", "\(keys)/lifeboot.key"])
    }

    private func boatyard(_ arguments: [String]) async throws {
        try await HostCommand.run(InstalledSystem.boatyard, arguments, within: .seconds(300))
    }
}
