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

    @Test(
        "while the environment is written leaves the old or the new one, and the next boot counts",
        arguments: [0, 1, 2])
    func whileMarking(cut: Int) async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch)
            try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                try await guest.waitForHealthy(role: .active)
                // Every round writes twice: the switch takes the state of active back, mark-good makes it good again.
                let round = "lifeboot switch passive --once; lifeboot switch active --once; lifeboot mark-good"
                try await guest.output(of: "(while :; do \(round); echo round >/dev/ttyS0; done) >/dev/null 2>&1 &")
                try await guest.console.wait(for: "round", within: .seconds(60))
                try await Task.sleep(for: .milliseconds(700 * cut + 130))
                await guest.cutPower()
            }
            let bytes = try await disk.edit { try await $0.bootFile(DiskEditor.bootEnvironmentPath) }
            let reading = try BootEnvironment.read(bytes)
            #expect(reading.problems.isEmpty)
            #expect(reading.environment.active != nil && reading.environment.tries(of: .active) == 3)
            let role = reading.environment.next ?? .active
            try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                try await guest.waitForHealthy(role: role)
                let status = try await guest.status().of(role)
                #expect(status?["tries"]?.integer == 3 && status?["state"]?.text == "good")
            }
        }
    }
}
