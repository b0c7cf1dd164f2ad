import Foundation
import ImageModel
import JSONText
import Testing

@Suite("Files that persist", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct PersistedFilesTests {
    private static func withLayout(_ persistent: String, _ body: (Guest) async throws -> Void) async throws {
        try await withSystem(change: { disk in
            try await disk.setFile("/layout.yaml", on: "oem", to: Array("persistent: {\(persistent)}\n".utf8))
        }) { guest, _ in
            try await guest.waitForHealthy(role: .active)
            try await body(guest)
        }
    }

    /// What `lifeboot persistence diff` counts, added, changed and removed, for these paths alone.
    private static func changes(_ guest: Guest, _ path: String, of files: [String]) async throws -> [String] {
        let diff = try await guest.json(of: "lifeboot persistence diff \(path) --json")
        return (diff["changes"]?.elements ?? []).compactMap { change in
            guard let file = change["path"]?.text, files.contains(file) else { return nil }
            return "\(change["change"]?.text ?? "") \(file)"
        }.sorted()
    }

    @Test("in an overlay are told from the image's, and give way to them at the next boot, those alone that were named")
    func overlay() async throws {
        try await Self.withLayout("mode: overlay, paths: [/etc]") { guest in
            let files = ["/etc/issue", "/etc/new", "/etc/debian_version"]
            let original = try await guest.output(of: "cat /etc/issue")
            #expect(try await Self.changes(guest, "/etc", of: files) == [])
            try await guest.output(of: "echo mine >/etc/issue; echo mine >/etc/new; rm /etc/debian_version")
            let expected = ["added /etc/new", "changed /etc/issue", "removed /etc/debian_version"]
            #expect(try await Self.changes(guest, "/etc", of: files) == expected)
            let row = try await guest.json(of: "lifeboot persistence status --json")["paths"]?.elements?.first
            #expect(row?["path"]?.text == "/etc" && row?["mode"]?.text == "overlay" && row?["problem"] == .null)
            #expect((row?["removed"]?.integer ?? 0) >= 1)

            try await guest.output(of: "lifeboot persistence reset /etc/issue --dry-run")
            for file in files {
                #expect(try await guest.output(of: "lifeboot persistence reset \(file)").contains("next boot"))
            }
            try await guest.output(of: "lifeboot persistence reset --unschedule /etc/new")
            #expect(try await guest.output(of: "cat /etc/issue") == "mine")
            try await guest.restartHealthy(role: .active)
            #expect(try await guest.output(of: "cat /etc/issue") == original)
            #expect(try await guest.output(of: "cat /etc/new; test -s /etc/debian_version") == "mine")
            #expect(try await Self.changes(guest, "/etc", of: files) == ["added /etc/new"])
            // What the boot has taken away stands there until the next one.
            #expect(
                try await guest.status().problems == ["persist-path /etc: reset: /etc/issue, /etc/debian_version"])
        }
    }

    @Test(
        "in a folder of its own give way to the image's at once, and the whole folder at the next boot",
        .enabled(if: wantsEnduranceTests))
    func bind() async throws {
        try await Self.withLayout("mode: bind, paths: [/var/lib]") { guest in
            let file = "/var/lib/dpkg/status"
            let original = try await guest.output(of: "sha256sum \(file)")
            try await guest.output(of: "echo mine >\(file); echo mine >/var/lib/new")
            #expect(
                try await Self.changes(guest, "/var/lib", of: [file, "/var/lib/new"]) == [
                    "added /var/lib/new", "changed \(file)",
                ])
            try await guest.output(of: "lifeboot persistence reset \(file)")
            #expect(try await guest.output(of: "sha256sum \(file)") == original)
            #expect(try await guest.output(of: "lifeboot persistence reset /var/lib").contains("next boot"))
            try await guest.restartHealthy(role: .active)
            try await guest.output(of: "test ! -e /var/lib/new")
            #expect(try await guest.output(of: "sha256sum \(file)") == original)
            #expect(try await guest.status().problems == ["persist-path /var/lib: reset: /var/lib"])
        }
    }
}
