import Foundation
import GrubEnvironment
import ImageModel
import JSONText
import Testing

@Suite("The console of recovery", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct ConsoleTests {
    @Test("stands on the screen and on the serial line, survives keys, messages and its own crash, and resets by keys")
    func reset() async throws {
        try await Self.withConsole(change: { try await $0.setTries(0, of: .active, .passive) }) { guest in
            let before = try await guest.status()
            try await guest.expectScreen(
                "RECOVERY SYSTEM", "> 1  Try the normal system again", "Restart, or switch off")
            try await guest.savePicture("recovery-console")
            // Keys that mean nothing here, the begin of a sequence, and what stops other programs.
            try guest.key("zz\u{1B}[15~\u{1B}[200~\u{03}\u{1A}\u{1C}\u{04}")
            // On the screen: the plan of what erases, and away from it.
            try await guest.press("4")
            try await guest.expectScreen("Type ERASE and press Enter", "format-persistent")
            try await guest.savePicture("recovery-plan")
            try await guest.press("y", "ret", "esc")
            try await guest.expectScreen("> 4  Repair and ERASE the data partition")
            // A message of the kernel is gone after a moment.
            try await guest.output(of: "echo '<2>something broke' >/dev/kmsg")
            try await guest.expectScreen("RECOVERY SYSTEM", without: "something broke")
            try await guest.output(of: "systemctl kill --signal=SEGV lifeboot-console@tty1.service")
            try await guest.expectScreen("> 1  Try the normal system again")
            // A reset, on the serial line.
            try guest.key("3")
            try await guest.console.wait(for: "Press y to do it", within: Self.limit)
            try guest.key("y")
            try await guest.console.wait(for: "it counts when the machine starts again", within: ResetTests.limit)
            try guest.key("\r")
            try await guest.waitForHealthy(role: .active)
            try await ResetTests.expectReset(guest, from: before, state: "good")
        }
    }

    /// How long a page may take on a busy machine.
    static let limit = Duration.seconds(60) * Guest.patience

    /// Boots recovery with the logins that a guest does not have otherwise.
    static func withConsole(
        change: (DiskEditor) async throws -> Void, disks: [DiskImage] = [], hasNetwork: Bool = false,
        _ body: (Guest) async throws -> Void
    ) async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch, change: change)
            var configuration = GuestConfiguration(disks: [disk] + disks)
            (configuration.keyboard, configuration.hasNetwork) = (.serial, hasNetwork)
            try await withGuest(configuration) { guest in
                try await guest.waitForBoot(role: .recovery)
                try await guest.startLogins()
                try await guest.console.wait(for: "RECOVERY SYSTEM", within: limit)
                try await body(guest)
            }
        }
    }
}

extension Guest {
    /// Starts the logins of the screen and of the serial line, as a system has them that nobody made smaller.
    func startLogins() async throws {
        let units = "getty@tty1.service serial-getty@ttyS0.service"
        try await output(of: "cd /etc/systemd/system && rm -f \(units) && systemctl daemon-reload")
        try await output(of: "systemctl --no-block start \(units)")
    }

    /// What the screen shows, without blanks at the ends of lines.
    func screen() async throws -> String {
        let text = try await output(of: "fold -w $(stty -F /dev/tty1 size | cut -d' ' -f2) /dev/vcs1")
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.replacing(/[ ]+$/, with: "") }.joined(separator: "\n")
    }

    /// Waits until the screen shows texts, and does not show another.
    func expectScreen(
        _ texts: String..., without other: String? = nil, within limit: Duration = ConsoleTests.limit
    ) async throws {
        let deadline = ContinuousClock.now + limit
        var shown = ""
        while ContinuousClock.now < deadline {
            shown = try await screen()
            if texts.allSatisfy({ shown.contains($0) }), other.map({ !shown.contains($0) }) ?? true { return }
            try await Task.sleep(for: .milliseconds(300))
        }
        throw MachineError("wait for '\(texts.joined(separator: "', '"))' on the screen", "it shows:\n\(shown)")
    }

    /// Saves the picture on the screen where somebody looks at it, when the tests were told a folder for that.
    func savePicture(_ name: String) async throws {
        guard let folder = ProcessInfo.processInfo.environment["LIFEBOOT_PICTURES"] else { return }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await saveScreen(to: "\(folder)/\(name).png")
    }
}
