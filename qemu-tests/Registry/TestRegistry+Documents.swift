import Foundation

/// What somebody can do who may write to the registry but has no key; only without TLS.
extension TestRegistry {
    private static let mediaType = "application/vnd.oci.image.manifest.v1+json"

    /// The OCI manifest that a name like `os:3` names.
    nonisolated func manifest(_ name: String) async throws -> String {
        try await HostCommand.run("curl", ["-sSf", "-H", "Accept: \(Self.mediaType)", url("manifests", name)])
    }

    /// Lets a name name an OCI manifest whose blobs are all there.
    nonisolated func setManifest(_ manifest: String, as name: String) async throws {
        try await HostCommand.run(
            "curl",
            [
                "-sSf", "-X", "PUT", "-H", "Content-Type: \(Self.mediaType)", "--data-binary", manifest,
                url("manifests", name),
            ])
    }

    /// Publishes an artifact again, with another config of the same length, in the same repository.
    nonisolated func copyManifest(_ name: String, as other: String, edit: (String) -> String) async throws {
        let document = try await manifest(name)
        let pattern = #/"config": ?\{[^}]*"digest": ?"(sha256:[0-9a-f]{64})"/#
        guard let match = try pattern.firstMatch(in: document) else {
            throw MachineError("change \(name)", "it has no config: \(document)")
        }
        let digest = String(match.1)
        let config = try await HostCommand.run("curl", ["-sSf", url("blobs", name, digest)])
        let changed = try await push(edit(config), to: other)
        try await setManifest(document.replacing(digest, with: changed), as: other)
    }

    /// Puts a blob there and returns its digest.
    nonisolated private func push(_ text: String, to name: String) async throws -> String {
        let script = """
            set -e
            digest=sha256:$(printf %s "$1" | sha256sum | cut -d ' ' -f 1)
            place=$(curl -sSf -X POST -o /dev/null -D - "$2" | tr -d '\\r' | sed -n 's/^[Ll]ocation: //p')
            printf %s "$1" | curl -sSf -X PUT -H 'Content-Type: application/octet-stream' --data-binary @- \\
                "$place&digest=$digest"
            echo "$digest"
            """
        let output = try await HostCommand.run("sh", ["-c", script, "sh", text, url("blobs", name, "uploads/")])
        return output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The address of `what` in the repository of a name; of its tag when nothing else is said.
    nonisolated private func url(_ what: String, _ name: String, _ detail: String? = nil) -> String {
        let parts = name.split(separator: ":").map(String.init)
        return "http://\(hostName)/v2/\(parts[0])/\(what)/\(detail ?? parts[1])"
    }
}
