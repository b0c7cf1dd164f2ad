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
                try await guest.expectScreen(
                    "This cannot be done.", "MB are needed on the state partition", within: Self.limit * 3)
                try await guest.savePicture("recovery-no-room")
                try await guest.press("ret", "esc")
                try await Self.fill(guest, false)

                try await Self.planUpgrade(guest)
                try await guest.expectScreen("Press y to do it", within: Self.limit * 3)
                try await guest.press("y")
                try await guest.expectScreen("copying root.squashfs", within: Guest.upgradeLimit)
                try await guest.press(together: "ctrl", "c")
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

    /// Leaves no room on the state partition, or takes away what fills it.
    private static func fill(_ guest: Guest, _ isFull: Bool = true) async throws {
        let file = "/run/lifeboot/state/full"
        let fill =
            "free=$(df --output=avail -B1 /run/lifeboot/state | tail -n 1); fallocate -l $((free - (4 << 20))) \(file)"
        let free = try await guest.output(
            of: """
                set -e
                mount -o remount,rw /run/lifeboot/state
                \(isFull ? fill : "rm \(file)")
                mount -o remount,ro /run/lifeboot/state
                df --output=avail -BM /run/lifeboot/state | tail -n 1
                """)
        #expect(free.split(separator: " ").last.map { Int($0.dropLast()) ?? 0 < 8 } == isFull, "\(free)")
    }

    private static func planUpgrade(_ guest: Guest) async throws {
        try await guest.expectScreen("RECOVERY SYSTEM", "6  Install an image")
        try await guest.press("6")
        try await guest.expectScreen("Which image shall be installed?", "test 3 on ", within: limit * 2)
        try await guest.press("1")
    }
}
