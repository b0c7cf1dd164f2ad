import Foundation
import Testing

@Suite("The prompt of login shells")
struct PromptTests {
    /// What a shell's prompt is after the file was read, and what a user's own file made of it.
    private func prompt(_ shell: String, role: String?, after: String = "") throws -> String {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "lifeboot-\(UUID().uuidString)")
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? files.removeItem(at: folder) }
        if let role { try Data().write(to: folder.appending(path: "\(role)_mode")) }
        let script = try Repository.text("system/profile.d/lifeboot-prompt.sh")
            .replacing("/run/lifeboot/", with: "\(folder.path)/")
        let file = folder.appending(path: "prompt.sh")
        try Data(script.utf8).write(to: file)
        let lines = """
            set -eu; PS1='me$ '; PROMPT_COMMAND=:; . \(file.path); \(after)
            if [ -n "${BASH_VERSION-}" ]; then eval "$PROMPT_COMMAND"; eval "$PROMPT_COMMAND"; fi
            printf '%s%s' "$PS1" "${lifeboot_role-}"
            """
        let result = try Tool.run(shell, ["-c", lines])
        #expect(result.status == 0, "\(result.complaints)")
        return result.output
    }

    @Test("it says which system this is, once, and nothing in the active one", arguments: ["sh", "bash"])
    func roles(shell: String) throws {
        for role in ["recovery", "passive", "live"] { #expect(try prompt(shell, role: role) == "(\(role)) me$ ") }
        for role in ["active", nil] { #expect(try prompt(shell, role: role) == "me$ ") }
    }

    @Test("a prompt that a user's own file sets gets it, too")
    func own() throws {
        #expect(try prompt("bash", role: "recovery", after: "PS1='mine> ';") == "(recovery) mine> ")
    }
}
