import GrubEnvironment
import ImageModel
import Testing

@Suite("An upgrade that goes wrong", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct UpgradeFallbackTests {
    @Test("falls back and stays back; then rollback, another upgrade and a rollback of that one work")
    func fallback() async throws {
        try await withRegistry(prepare: { registry, system, scratch in
            // Whole and well signed, but it waits for a volume that no machine has.
            let image = try await system.image(3, in: scratch) { manifest in
                manifest.replacing("\"version\": \"3\"", with: "\"version\": \"4\"")
                    .replacing("\"sequence\": 3", with: "\"sequence\": 4")
                    .replacing("timeout=20\"", with: "timeout=3\", \"lifeboot.volume=LABEL=ABSENT:/data\"")
            }
            try await registry.publish(image, as: "os:4", signedIn: system)
        }) { guest, registry in
            try await guest.waitForHealthy(role: .active)
            try await guest.upgrade("--only active \(registry.source("os:4"))")
            #expect(try await guest.roles() == "active=test 4 trial, passive=test 2 good, recovery=test 1")
            try await Self.fallBack(guest)

            try await guest.output(of: "lifeboot rollback")
            #expect(try await guest.roles() == "active=test 2 good, passive=test 4 bad, recovery=test 1")
            try await guest.upgrade("--only active \(registry.source("os:3"))")
            #expect(try await guest.roles() == "active=test 3 trial, passive=test 2 good, recovery=test 1")
            try await guest.restartHealthy(role: .active)
            #expect(try await guest.runningTitle() == "test 3")

            try await guest.output(of: "lifeboot rollback")
            #expect(try await guest.output(of: "lifeboot rollback").contains("rolled back already"))
            #expect(try await guest.roles() == "active=test 2 good, passive=test 3 good, recovery=test 1")
            try await guest.restartHealthy(role: .active)
            #expect(try await guest.runningTitle() == "test 2")
        }
    }

    /// Restarts into the image that cannot boot.
    private static func fallBack(_ guest: Guest) async throws {
        let earlier = guest.starts(of: .active)
        try await guest.restart()
        try await guest.waitForHealthy(role: .passive, within: Guest.bootLimit * 3)
        #expect(guest.starts(of: .active) - earlier == 3)
        #expect(try await guest.runningTitle() == "test 2")
        #expect(try await guest.roles() == "active=test 4 bad, passive=test 2 good, recovery=test 1")
        #expect(try await guest.status().diagnosis(of: .active).contains("LABEL=ABSENT"))
        let screen = try await guest.output(of: "cat /run/issue.d/lifeboot.issue")
        #expect(screen.contains("PASSIVE") && screen.contains("LABEL=ABSENT") && screen.contains("lifeboot status"))
        // The panel of each attempt; the id of a fallback; the prompt.
        #expect(guest.console.count(of: "system: test 4 (image ") == 3)
        let told = "journalctl -b MESSAGE_ID=9b932baf21854f40863a2a272bda62dc -o export | grep -a ^LIFEBOOT_ROLE="
        #expect(try await guest.output(of: told) == "LIFEBOOT_ROLE=passive")
        let prompt = "PS1='me# '; . /etc/profile.d/lifeboot-prompt.sh; echo \"$PS1\""
        #expect(try await guest.output(of: prompt) == "(passive) me#")
        try await guest.restartHealthy(role: .passive)
        #expect(guest.starts(of: .active) - earlier == 3)
    }
}
