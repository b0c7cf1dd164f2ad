import Foundation

/// A channel with one release, which guests follow as `os/channel:stable`.
struct TestChannelDocument: Sendable {
    let registry: TestRegistry
    let system: InstalledSystem
    /// Where its files are.
    let directory: String

    init(registry: TestRegistry, system: InstalledSystem, in directory: String) {
        (self.registry, self.system, self.directory) = (registry, system, directory)
    }

    /// Publishes a document that is issued now; returns the registry's document of it, for `restore`.
    ///
    /// - Parameter key: a name of a new key instead of the system's.
    @discardableResult
    func publish(release: Int, as name: String = "os/channel:stable", key: String? = nil) async throws -> String {
        let file = "\(directory)/channel-\(UUID().uuidString.prefix(8)).json"
        let boatyard = InstalledSystem.boatyard
        try await HostCommand.run(boatyard, ["channel", "create", "--name", "stable", "-o", file])
        try await HostCommand.run(boatyard, ["channel", "add", file, "oci://\(registry.hostName)/os:\(release)"])
        // The host has another address in the eyes of a guest.
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacing(registry.hostName, with: registry.guestName).write(
            toFile: file, atomically: false, encoding: .utf8)
        var keys = system.keys
        if let key {
            keys = "\(directory)/\(key)"
            try await HostCommand.run(boatyard, ["key", "generate", "-o", keys])
        }
        let target = "oci://\(registry.hostName)/\(name)"
        try await HostCommand.run(boatyard, ["channel", "publish", file, target, "--key", "\(keys)/lifeboot.key"])
        return try await registry.manifest(name)
    }

    /// Lets the tag name an earlier document again, as somebody who has the registry but no key could.
    func restore(_ document: String) async throws {
        try await registry.setManifest(document, as: "os/channel:stable")
    }
}
