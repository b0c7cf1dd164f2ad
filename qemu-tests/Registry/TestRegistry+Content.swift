import Foundation

/// What a registry of the tests offers.
extension TestRegistry {
    /// Publishes an image directory, such as `InstalledSystem.image(_:)`, as an artifact, signed as `system` is.
    nonisolated func publish(_ image: String, as name: String, signedIn system: InstalledSystem) async throws {
        try await publish(image, as: name, key: "\(system.keys)/lifeboot.key")
    }

    /// Publishes an image directory as an artifact, signed with a key or not at all.
    nonisolated func publish(_ image: String, as name: String, key: String?) async throws {
        let arguments = ["image", "publish", image, "oci://\(hostName)/\(name)"] + (key.map { ["--key", $0] } ?? [])
        try await HostCommand.run(InstalledSystem.boatyard, arguments + accessOptions(), within: .seconds(300))
    }

    /// Signs what a name names with a key.
    nonisolated func sign(_ name: String, key: String) async throws {
        let arguments = ["sign", "oci://\(hostName)/\(name)", "--key", key]
        try await HostCommand.run(InstalledSystem.boatyard, arguments + accessOptions())
    }

    /// boatyard's options to get in.
    nonisolated private func accessOptions() throws -> [String] {
        access == .secure ? ["--ca", "\(directory)/ca.pem", "--auth-file", try loginFile()] : []
    }

    /// Copies a container image into it, from whatever skopeo can read; layers are compressed as `format` says.
    nonisolated func copy(_ image: String, as name: String, format: String = "gzip") async throws {
        var arguments = ["--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false"]
        arguments += ["--dest-compress-format", format]
        if access == .secure { arguments += ["--dest-creds", "\(Self.user):\(Self.password)"] }
        try await HostCommand.run(
            "skopeo", arguments + [image, "docker://\(hostName)/\(name)"], within: .seconds(300))
    }

    /// A docker-style file with the password, for programs of the host.
    nonisolated private func loginFile() throws -> String {
        let login = Data("\(Self.user):\(Self.password)".utf8).base64EncodedString()
        let path = "\(directory)/auth.json"
        try "{\"auths\": {\"\(hostName)\": {\"auth\": \"\(login)\"}}}\n".write(
            toFile: path, atomically: false, encoding: .utf8)
        return path
    }
}
