import GrubEnvironment
import ImageModel
import JSONText
import Testing

extension ConsoleTests {
    @Test(
        "installs from a stick, shows the status, and lets somebody log in and out", .enabled(if: wantsEnduranceTests))
    func stick() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let stick = try await AttendedTests.stick(with: system.image(3), in: scratch).0
            try await Self.withConsole(
                change: { try await $0.setTries(0, of: .active, .passive) }, disks: [stick], hasNetwork: true
            ) { guest in
                try await guest.output(of: "echo root:harbour | chpasswd")
                try await Self.logInAndOut(guest)
                try await guest.press("8", "1")
                try await guest.expectScreen("Running", "Enter: go on")
                // Escape and a key at once are one key to a terminal.
                try await guest.press("esc")
                try await guest.expectScreen("What shall be shown?")
                try await guest.press("3")
                try await guest.expectScreen("Onto which medium?", "HARBOUR")
                try await guest.press("1")
                try await guest.expectScreen("Press y to do it")
                try await guest.press("y")
                try await guest.expectScreen("Done.", within: ResetTests.limit)
                try await guest.savePicture("recovery-report")
                try await guest.press("ret", "6")
                try await guest.expectScreen("Which image shall be installed?", "test 3 on ")
                try await guest.savePicture("recovery-sources")
                try await guest.press("1")
                try await Self.upgradePlanned(guest)
            }
            let names = try await HostCommand.run("mdir", ["-b", "-i", stick.path, "::"])
            #expect(names.contains("report.tar.gz"), "\(names)")
        }
    }

    /// On the serial line, while the screen keeps its console.
    private static func logInAndOut(_ guest: Guest) async throws {
        try guest.key("9")
        try await guest.console.wait(for: "login: ", within: limit)
        try guest.key("root\r")
        try await guest.console.wait(for: "Password: ", within: limit)
        try guest.key("harbour\r")
        // What is typed before the prompt is thrown away by login(1).
        try await guest.console.wait(for: "root@", within: limit)
        try guest.key("echo I am $(id -un)\r")
        try await guest.console.wait(for: "I am root", within: limit)
        let consoles = guest.console.count(of: "RECOVERY SYSTEM")
        try guest.key("exit\r")
        try await guest.console.wait(for: "RECOVERY SYSTEM", moreThan: consoles, within: limit)
    }

    @Test(
        "starts the normal system, goes back, erases what is named, and switches off", .enabled(if: wantsEnduranceTests)
    )
    func choices() async throws {
        try await Self.withConsole(change: { disk in
            try await disk.mark("oem", "persistent")
            try await disk.changeBootEnvironment { ($0.next, $0.activeState) = (.recovery, .good) }
        }) { guest in
            try await Self.choose("1", guest)
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.runningTitle() == "test 2")

            try await Self.recover(guest)
            try await Self.choose("2", guest)
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.runningTitle() == "test 1")

            try await Self.recover(guest)
            try await guest.press("5")
            try await guest.expectScreen("Type ERASE")
            // Small letters are not the word.
            for key in ["e", "r", "a", "s", "e", "ret"] { try await guest.press(key) }
            try await guest.expectScreen("Type ERASE")
            #expect(try await guest.marked() == ["oem", "persistent"])
            for letter in ["e", "r", "a", "s", "e"] { try await guest.pressCapital(letter) }
            try await guest.expectScreen("ERASE and press Enter to do it, or Escape to leave it: ERASE")
            try await guest.press("ret")
            try await guest.expectScreen("it counts when the machine starts again", within: ResetTests.limit)
            try await guest.press("ret")
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.marked() == [])

            try await Self.recover(guest)
            try await guest.press("0", "2")
            try await guest.expectScreen("Press y to do it")
            try await guest.press("y")
            try await guest.waitForOff(within: .seconds(120) * Guest.patience)
        }
    }

    /// Takes a choice that needs a y, and the restart behind it.
    private static func choose(_ key: String, _ guest: Guest) async throws {
        try await guest.press(key)
        try await guest.expectScreen("Press y to do it")
        try await guest.press("y")
        try await guest.expectScreen("it counts when the machine starts again", within: ResetTests.limit)
        try await guest.press("ret")
    }

    private static func recover(_ guest: Guest) async throws {
        try await guest.output(of: "lifeboot switch recovery --once")
        try await guest.restartHealthy(role: .recovery)
        try await guest.startLogins()
        try await guest.expectScreen("RECOVERY SYSTEM", "> 1  Try the normal system again")
    }

    @Test("says what is pending and why it was not finished, and gives it up", .enabled(if: wantsEnduranceTests))
    func pending() async throws {
        try await Self.withConsole(change: { disk in
            let stage = "stages:\n  before-reset:\n    - commands: ['echo the harbour is closed >&2; exit 1']\n"
            try await disk.setFile("/50_closed.yaml", on: "oem", to: Array(stage.utf8))
            try await disk.setFile("/lifeboot.yaml", on: "oem", to: Array("oem: {strict: [before-reset]}\n".utf8))
            try await disk.changeBootEnvironment { $0.pending = .reset }
        }) { guest in
            try await guest.expectScreen(
                "RECOVERY SYSTEM: a reset is pending", "Trouble:", "harbour",
                "> 1  Finish the reset that is pending",
                within: Self.limit * 2)
            try await guest.savePicture("recovery-pending")
            try await guest.press("2")
            try await guest.expectScreen("Press y to do it")
            try await guest.press("y")
            try await guest.expectScreen("Done.")
            try await guest.press("ret")
            try await guest.expectScreen("> 1  Try the normal system again")
            // Its unit tries three times, and would restart the machine as after a reset that is finished.
            try await guest.output(of: "systemctl reset-failed; systemctl start lifeboot-recovery.service")
            #expect(try await guest.status().json["bootEnvironment"]?["variables"]?["pending"]?.text == "-")
            try await guest.expectScreen("> 1  Try the normal system again")
        }
    }

    @Test(
        "offers no repair where the policy is status, and is a login where it is that",
        .enabled(if: wantsEnduranceTests))
    func policy() async throws {
        try await Self.withConsole(change: { disk in
            try await disk.setFile("/lifeboot.yaml", on: "oem", to: Array("console: status\n".utf8))
            try await disk.changeBootEnvironment { ($0.next, $0.activeState) = (.recovery, .good) }
        }) { guest in
            try await guest.expectScreen("> 8  Look closer", "Log in")
            #expect(try await !guest.screen().contains("Repair"))
            try await guest.press("3")
            try await guest.expectScreen("There is nothing under '3'.")
            try await guest.output(of: "mount -o remount,rw /oem && echo 'console: login' >/oem/lifeboot.yaml")
            try await guest.output(of: "systemctl restart lifeboot-console@tty1.service")
            try await guest.expectScreen("login:")
        }
    }
}

extension Guest {
    /// Presses a letter together with the key for capitals.
    func pressCapital(_ letter: String) async throws { try await press(together: "shift", letter) }
}
