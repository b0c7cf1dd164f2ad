import Foundation

/// Images that no release is.
extension InstalledSystem {
    /// A folder in `scratch` with the files of a release and a changed manifest, signed as boatyard signs.
    func image(_ version: Int, in scratch: String, edit: (String) -> String) async throws -> String {
        let directory = "\(scratch)/image-\(UUID().uuidString.prefix(8))"
        try await HostCommand.run("cp", ["-rl", image(version), directory])
        let text = edit(try String(contentsOfFile: "\(directory)/manifest.json", encoding: .utf8))
        let script = """
            set -e
            rm "$1/manifest.json" "$1/manifest.sig"
            printf %s "$2" >"$1/manifest.json"
            openssl dgst -sha256 -sign "$3" "$1/manifest.json" | base64 -w0 >"$1/manifest.sig"
            echo >>"$1/manifest.sig"
            """
        try await HostCommand.run("sh", ["-c", script, "sh", directory, text, "\(keys)/lifeboot.key"])
        return directory
    }
}
