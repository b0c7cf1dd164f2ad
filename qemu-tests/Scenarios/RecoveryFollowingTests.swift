import ImageModel
import JSONText
import Testing

@Suite("Recovery", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct RecoveryFollowingTests {
    @Test("gets a new image only after active has been healthy with it; the operator sees that it is to come")
    func follows() async throws {
        try await withRegistry(further: { _ in "policy: {recovery-upgrade: allow}\n" }) { guest, registry in
            try await guest.waitForHealthy(role: .active)
            try await guest.waitForRecoveryUpgrade()
            #expect(try await guest.roles() == "active=test 2 good, passive=test 1 good, recovery=test 2")

            let run = try await guest.upgrade(registry.source("os:3"))
            #expect(run.end?["recoveryFollows"] == .bool(true) && run.end?["needsRestart"] == .bool(true), "\(run)")
            #expect(try await guest.roles() == "active=test 3 trial, passive=test 2 good, recovery=test 2")
            #expect(try await Self.pending(guest) == "waiting")
            let again = try await guest.output(of: "lifeboot upgrade \(registry.source("os:3")) 2>&1")
            #expect(again.contains("it starts when the machine is restarted"), "\(again)")
            #expect(try await guest.output(of: "lifeboot status").contains("*passive"), "what runs is passive by now")

            // Nothing is to be changed any more, but the machine has to be restarted.
            try await guest.order("lifeboot upgrade --reboot \(registry.source("os:3"))")
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.runningTitle() == "test 3")
            #expect(try await Self.troubleMeanwhile(guest) == "")
            try await guest.waitForRecoveryUpgrade()
            #expect(try await guest.roles() == "active=test 3 good, passive=test 2 good, recovery=test 3")
            #expect(try await Self.pending(guest) == "settled")
            #expect(
                try await Self.operations(guest) == ["upgrade recovery", "upgrade active", "upgrade recovery"])

            try await guest.output(of: "lifeboot switch recovery --once")
            try await guest.restartHealthy(role: .recovery)
            #expect(try await guest.runningTitle() == "test 3")
        }
    }

    /// What status has against the recovery partition while the unit writes to it.
    private static func troubleMeanwhile(_ guest: Guest) async throws -> String {
        try await guest.output(
            of: """
                ended() { [ "$(systemctl show --value -p ExecMainExitTimestampMonotonic lifeboot-recovery-upgrade)" != 0 ]; }
                for ((i = 0; i < 200; i++)); do
                    ! ended || break
                    lifeboot status | grep -i 'recovery partition' || true
                done
                [ "$i" -gt 1 ] || echo "the unit had ended before anybody asked"
                """, within: .seconds(300))
    }

    private static func pending(_ guest: Guest) async throws -> String? {
        try await guest.status().json["recoveryUpgrade"]?.text
    }

    /// The operations on record, oldest first.
    private static func operations(_ guest: Guest) async throws -> [String] {
        (try await guest.status().json["operations"]?.elements ?? []).map {
            "\($0["operation"]?.text ?? "-") \($0["role"]?.text ?? "-")"
        }
    }
}

extension Guest {
    /// Waits until the unit that gives recovery the image of active has ended in this boot, and succeeded.
    func waitForRecoveryUpgrade() async throws {
        try await output(
            of: """
                for ((i = 0; i < 2400; i++)); do
                    [ "$(systemctl show --value -p ExecMainExitTimestampMonotonic lifeboot-recovery-upgrade)" = 0 ] || break
                    sleep 0.25
                done
                systemctl is-failed --quiet lifeboot-recovery-upgrade || [ "$i" = 2400 ] || exit 0
                journalctl -b -u lifeboot-recovery-upgrade; exit 1
                """, within: .seconds(660))
    }
}
