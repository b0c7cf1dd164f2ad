import GrubEnvironment
import ImageModel
import JSONText
import Testing

@Suite("A power cut", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct PowerCutTests {
    @Test("right after GRUB saved the counter costs one attempt and no more")
    func afterSaving() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch)
            for left in [2, 1] {
                try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                    try await guest.console.wait(for: "] Command line: ", within: .seconds(120))
                    await guest.cutPower()
                }
                let environment = try await disk.edit { try await $0.bootEnvironment() }
                #expect(environment.tries(of: .active) == left && environment.activeState == .trial)
            }
            try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                try await guest.waitForHealthy(role: .active)
                let active = try await guest.status().of(.active)
                #expect(active?["tries"]?.integer == 3 && active?["state"]?.text == "good")
            }
        }
    }

    @Test("while the environment is written leaves the old or the new one, and the next boot counts")
    func whileMarking() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch)
            var role = Role.active
            // Each boot judges the cut before it.
            for cut in 0...2 {
                try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                    try await Self.checkGood(role, guest)
                    try await Self.cut(guest, after: .milliseconds(700 * cut + 130))
                }
                let bytes = try await disk.edit { try await $0.bootFile(DiskEditor.bootEnvironmentPath) }
                let reading = try BootEnvironment.read(bytes)
                #expect(reading.problems.isEmpty)
                #expect(reading.environment.active != nil && reading.environment.tries(of: .active) == 3)
                role = reading.environment.next ?? .active
            }
            try await withGuest(GuestConfiguration(disks: [disk])) { try await Self.checkGood(role, $0) }
        }
    }

    static func checkGood(_ role: Role, _ guest: Guest) async throws {
        try await guest.waitForHealthy(role: role)
        let status = try await guest.status().of(role)
        #expect(status?["tries"]?.integer == 3 && status?["state"]?.text == "good")
    }

    /// Lets the guest write the environment without end and takes its power away.
    static func cut(_ guest: Guest, after delay: Duration) async throws {
        // Every round writes twice: the switch takes the state of active back, mark-good makes it good again.
        let round = "lifeboot switch passive --once; lifeboot switch active --once; lifeboot mark-good"
        try await guest.output(of: "(while :; do \(round); echo round >/dev/ttyS0; done) >/dev/null 2>&1 &")
        try await guest.console.wait(for: "round", within: .seconds(60))
        try await Task.sleep(for: delay)
        await guest.cutPower()
    }
}
