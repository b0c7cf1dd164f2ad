import ImageModel
import JSONText
import Testing

extension ResetTests {
    @Test(
        "that is chosen in the menu of GRUB is done after half a minute, in which Esc prevents it",
        .enabled(if: wantsEnduranceTests)
    )
    func menu() async throws {
        try await withSystem(change: { try await $0.mark("oem", "persistent") }) { guest, _ in
            try await guest.waitForHealthy(role: .active)
            let before = try await guest.status()
            try await guest.restart()
            try await Self.chooseReset(guest)
            let title = try #require(before.of(.active)?["title"]?.text).uppercased()
            for line in ["A  ACTIVE: \(title)", "R  RECOVERY: ", "X  RESET THIS MACHINE: KEEPS DATA, PUTS "] {
                #expect(guest.console.count(of: line) > 0, "the list has no line \(line)")
            }
            try await guest.press("esc")
            try await guest.console.wait(for: "nothing is reset", within: .seconds(30))
            try await guest.waitForHealthy(role: .active)
            try await guest.restart()
            try await Self.chooseReset(guest)
            try await guest.console.wait(for: "recovery resets this machine now", within: .seconds(120))
            try await guest.waitForBoot(role: .recovery)
            try await guest.waitForHealthy(role: .active)
            try await Self.expectReset(guest, from: before, state: "good")
            #expect(try await guest.marked() == ["oem", "persistent"])
        }
    }

    /// Shows the hidden list, and takes the reset.
    static func chooseReset(_ guest: Guest) async throws {
        let announcement = "this machine is reset in 30 seconds"
        let announcements = guest.console.count(of: announcement)
        let lists = guest.console.count(of: "RESET THIS MACHINE")
        let deadline = ContinuousClock.now + Guest.bootLimit
        while guest.console.count(of: "RESET THIS MACHINE") == lists, ContinuousClock.now < deadline {
            try await guest.press("esc")
            try await Task.sleep(for: .milliseconds(200))
        }
        try await guest.press("x")
        try await guest.console.wait(for: announcement, moreThan: announcements, within: .seconds(60))
    }
}
