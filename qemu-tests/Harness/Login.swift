import Foundation

/// Somebody on the host who wants to get into a guest.
struct Login {
    /// A pair of keys.
    struct Key {
        /// The file of the private half.
        let file: String
        /// The public half, as `authorized_keys` has it.
        let line: String
    }

    let user: String
    let key: Key
    /// The host's port that leads to the guest's port 22.
    let port: Int

    /// Makes a key.
    static func key(_ name: String, in scratch: String) throws -> Key {
        let file = "\(scratch)/\(name)"
        try HostCommand.finish("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file])
        let line = try String(contentsOfFile: "\(file).pub", encoding: .utf8)
        return Key(file: file, line: line.trimmingCharacters(in: .newlines))
    }

    /// Starts the server in the guest.
    static func listen(_ guest: Guest) async throws {
        let key = "dropbearkey -t ed25519 -f /run/hostkey"
        try await guest.output(of: "\(key) && dropbear -r /run/hostkey -P /run/dropbear.pid >/run/dropbear 2>&1")
    }

    /// Runs a command as the user, and returns what it said; nil when the guest does not let him in.
    func run(_ command: String) throws -> String? {
        var arguments = ["-F", "none", "-i", key.file, "-p", "\(port)"]
        for option in [
            "BatchMode=yes", "IdentitiesOnly=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null",
            "LogLevel=ERROR", "ConnectTimeout=30",
        ] { arguments += ["-o", option] }
        let (status, output) = try HostCommand.outcome(of: "ssh", arguments + ["\(user)@127.0.0.1", command])
        let text = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        if status == 255, text.contains("Permission denied") { return nil }
        guard status == 0 else { throw MachineError("log in as \(user)", "status \(status): \(text)") }
        return text
    }
}
