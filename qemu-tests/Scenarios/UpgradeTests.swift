import GrubEnvironment
import ImageModel
import Testing

@Suite("An upgrade", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct UpgradeTests {
    @Test(
        "from active boots on trial, is good once healthy, and comes to recovery when asked for; again it does nothing")
    func fromActive() async throws {
        try await withRegistry(change: { try await $0.markEvents(of: "upgrade") }) { guest, registry in
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.roles() == "active=test 2 good, passive=test 1 good, recovery=test 1")
            try await Self.upgradeTwiceAtOnce(guest, registry.source("os:3"))
            #expect(try await guest.events() == DiskEditor.events(of: "upgrade"))
            let roles = "active=test 3 trial, passive=test 2 good, recovery=test 3"
            #expect(try await guest.roles() == roles)
            #expect(try await guest.runningTitle() == "test 2")
            try await Self.repeatWithoutEffect(guest, registry.source("os:3"))
            #expect(try await guest.roles() == roles)

            try await guest.restartHealthy(role: .active)
            #expect(try await guest.runningTitle() == "test 3")
            #expect(try await guest.output(of: "cat /proc/cmdline").contains("lifeboot.tries=2"), "it was counted")
            #expect(try await guest.roles() == "active=test 3 good, passive=test 2 good, recovery=test 3")
            #expect(try await guest.status().problems == [])
            #expect(try await guest.output(of: "ls /run/lifeboot/state/images").split(separator: "\n").count == 2)
            try await Self.repeatWithoutEffect(guest, registry.source("os:3"))

            try await guest.output(of: "lifeboot switch recovery --once")
            try await guest.restartHealthy(role: .recovery)
            #expect(try await guest.runningTitle() == "test 3")
        }
    }

    /// Starts an upgrade, and while it runs a second one, which is refused and says who is at work.
    private static func upgradeTwiceAtOnce(_ guest: Guest, _ source: String) async throws {
        try await guest.waitForNetwork()
        let second = try await guest.run(
            """
            lifeboot upgrade --json --with-recovery \(source) >/run/first 2>&1 & echo $! >/run/first.pid
            while kill -0 $! && ! grep -q '"event":"step"' /run/first; do sleep 0.1; done
            lifeboot upgrade \(source); status=$?
            wait; exit $status
            """, within: Guest.upgradeLimit)
        #expect(second.status == 23)
        #expect(
            second.text.contains("upgrade (process \(try await guest.output(of: "cat /run/first.pid"))) is at work"))
        let first = UpgradeRun(CommandResult(status: 0, output: try await guest.output(of: "cat /run/first")))
        #expect(first.isChanged == true, "\(first)")
        #expect(first.warnings == [], "\(first)")
    }

    /// Upgrades to what is there already: no file of the image is fetched, no byte of `boot.env` changes.
    private static func repeatWithoutEffect(_ guest: Guest, _ source: String) async throws {
        let before = try await guest.output(of: "lifeboot boot-env show")
        let run = try await guest.upgrade(source)
        #expect(run.isChanged == false, "\(run)")
        #expect((0..<65_536).contains(run.bytes), "\(run)")
        #expect(try await guest.output(of: "lifeboot boot-env show") == before)
        #expect(try await guest.run("lifeboot upgrade --check \(source)").status == 0)
    }

    @Test(
        "from recovery makes active passive; from passive leaves passive what it is",
        .enabled(if: wantsEnduranceTests)
    )
    func fromRecoveryAndPassive() async throws {
        try await withRegistry(
            offering: [1, 3],
            change: { disk in
                try await disk.changeBootEnvironment {
                    ($0.next, $0.activeState) = (.recovery, .good)
                }
            }
        ) { guest, registry in
            try await guest.waitForBoot(role: .recovery)
            let run = try await guest.upgrade("--with-recovery \(registry.source("os:3"))")
            #expect(run.warnings == [], "\(run)")
            #expect(try await guest.roles() == "active=test 3 trial, passive=test 2 good, recovery=test 3")

            try await guest.restartHealthy(role: .active)
            #expect(try await guest.runningTitle() == "test 3")
            try await guest.output(of: "lifeboot switch passive --once")
            try await guest.restartHealthy(role: .passive)
            #expect(try await guest.runningTitle() == "test 2")
            let refused = try await guest.tryUpgrade(registry.source("os:1"))
            #expect(refused.status == 12 && refused.text.contains("sequence 1 is lower than 3"), "\(refused)")
            try await guest.upgrade("--allow-downgrade \(registry.source("os:1"))")
            #expect(try await guest.roles() == "active=test 1 trial, passive=test 2 good, recovery=test 3")

            try await guest.restartHealthy(role: .active)
            #expect(try await guest.runningTitle() == "test 1")
            #expect(try await guest.roles() == "active=test 1 good, passive=test 2 good, recovery=test 3")
        }
    }
}
