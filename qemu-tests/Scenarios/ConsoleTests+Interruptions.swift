import ImageModel
import JSONText
import Testing

extension ConsoleTests {
    @Test(
        "says that there is no room, survives Ctrl-C in the middle of an upgrade, and then does it",
        .enabled(if: wantsEnduranceTests))
    func interruptions() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let stick = try await AttendedTests.stick(with: system.image(3), in: scratch).0
            try await Self.withConsole(change: { try await $0.setTries(0, of: .active, .passive) }, disks: [stick]) {
                guest in
                let before = try await Self.roles(guest)
                try await Self.fill(guest)
                try await Self.planUpgrade(guest)
                try await guest.expectScreen("Press y to do it", within: Self.limit * 3)
                try await guest.press("y")
                try await guest.expectScreen("It was not done; the reason is above.", within: Guest.upgradeLimit)
                try await guest.savePicture("recovery-no-room")
                let words = try await guest.screen()
                #expect(words.contains("no space"), "\(words)")
                #expect(try await Self.roles(guest) == before)
                try await guest.press("ret")
                try await guest.output(of: "\(Self.mount); rm /mnt/full && umount /mnt")

                try await Self.planUpgrade(guest)
                try await guest.expectScreen("Press y to do it", within: Self.limit * 3)
                try await guest.press("y")
                try await guest.expectScreen("copying root.squashfs", within: Guest.upgradeLimit)
                try await guest.press("ctrl-c")
                try await guest.expectScreen("It was not done; the reason is above.", "Ctrl-C stops it.")
                try await guest.savePicture("recovery-stopped")
                #expect(try await Self.roles(guest) == before)

                try await guest.press("ret")
                try await Self.planUpgrade(guest)
                try await Self.upgradePlanned(guest)
            }
        }
    }

    /// Agrees to an upgrade whose plan is about to be shown, and to the restart behind it.
    static func upgradePlanned(_ guest: Guest) async throws {
        try await guest.expectScreen("Press y to do it", within: limit * 3)
        try await guest.press("y")
        try await guest.expectScreen("it counts when the machine starts again", within: Guest.upgradeLimit)
        try await guest.press("ret")
        try await guest.waitForHealthy(role: .active)
        #expect(try await guest.runningTitle() == "test 3")
    }

    /// The images of active and passive.
    private static func roles(_ guest: Guest) async throws -> [String?] {
        let variables = try await guest.status().json["bootEnvironment"]?["variables"]
        return ["active", "passive", "pending"].map { variables?[$0]?.text }
    }

    /// Whoever looks at the machine has the partition mounted read-only for a moment.
    private static let mount = "for ((i = 0; i < 60; i++)); do mount LABEL=LB_STATE /mnt && break; sleep 1; done"

    /// Leaves no room on the state partition.
    private static func fill(_ guest: Guest) async throws {
        try await guest.output(
            of: """
                \(mount)
                free=$(df --output=avail -B1 /mnt | tail -n 1) && fallocate -l $((free - (4 << 20))) /mnt/full
                umount /mnt
                """)
    }

    private static func planUpgrade(_ guest: Guest) async throws {
        try await guest.expectScreen("RECOVERY SYSTEM", "6  Install an image")
        try await guest.press("6")
        try await guest.expectScreen("Which image shall be installed?", "test 3 on ", within: limit * 2)
        try await guest.press("1")
    }
}
