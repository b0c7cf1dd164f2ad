import Foundation

/// What a registry of the tests offers.
extension TestRegistry {
    /// Publishes an image directory, such as `InstalledSystem.image(_:)`, as an artifact, signed as `system` is.
    nonisolated func publish(_ image: String, as name: String, signedIn system: InstalledSystem) async throws {
        let target = "oci://\(hostName)/\(name)"
        var arguments = ["image", "publish", image, target, "--key", "\(system.keys)/lifeboot.key"]
        if access == .secure { arguments += ["--ca", "\(directory)/ca.pem", "--auth-file", try loginFile()] }
        try await HostCommand.run(InstalledSystem.boatyard, arguments, within: .seconds(300))
    }

    /// Copies a container image into it, from whatever skopeo can read.
    nonisolated func copy(_ image: String, as name: String) async throws {
        var arguments = ["--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false"]
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
