import GrubEnvironment
import ImageModel
import JSONText
import Testing

@Suite("A reset", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct ResetTests {
    /// The longest that a reset takes on a busy machine.
    static let limit = Duration.seconds(300) * Guest.patience

    @Test("from recovery keeps everything, or formats what is named, and its image runs afterwards")
    func byHand() async throws {
        try await withSystem(change: { disk in
            try await disk.mark("oem", "persistent")
            try await disk.markEvents(of: "reset")
            try await disk.changeBootEnvironment { $0.next = .recovery }
        }) { guest, disk in
            try await guest.waitForBoot(role: .recovery)
            let before = try await guest.status()
            let steps = try await guest.steps(of: "lifeboot reset --json", within: Self.limit)
            #expect(steps.contains("deploy-image") && !steps.contains { $0.hasPrefix("format-") })
            try await Self.expectReset(guest, from: before, state: "trial")
            #expect(try await guest.events() == DiskEditor.events(of: "reset"))
            #expect(try await guest.marked() == ["oem", "persistent"])

            let formatting = try await guest.steps(
                of: "lifeboot reset --persistent --oem --json", within: Self.limit)
            #expect(formatting.contains("format-oem") && formatting.contains("format-persistent"))
            try await guest.restart()
            try await guest.waitForHealthy(role: .active)
            try await Self.expectReset(guest, from: before, state: "good")
            #expect(try await guest.marked() == [])
            #expect(try await guest.status().problems == [])
        }
    }

    /// Expects the roles of docs/resetting.md: recovery's image is active, and there is no passive one.
    static func expectReset(_ guest: Guest, from before: LifebootStatus, state: String) async throws {
        let status = try await guest.status()
        let image = before.of(.recovery)?["image"]?.text
        #expect(image != nil && image != before.of(.active)?["image"]?.text)
        #expect(status.of(.active)?["image"]?.text == image && status.of(.recovery)?["image"]?.text == image)
        #expect(status.of(.active)?["state"]?.text == state && status.of(.active)?["tries"]?.integer == 3)
        #expect(status.of(.passive)?["image"] == .null)
        let variables = status.json["bootEnvironment"]?["variables"]
        #expect(variables?["pending"]?.text == "-" && variables?["wipe"]?.text == "-")
    }

    @Test(
        "that was scheduled is done by recovery itself at the next boot, and was not while it was taken back",
        .enabled(if: wantsEnduranceTests)
    )
    func scheduled() async throws {
        try await withSystem(change: { try await $0.mark("oem", "persistent") }) { guest, _ in
            try await guest.waitForHealthy(role: .active)
            let before = try await guest.status()
            #expect(try await guest.run("lifeboot reset").status == 30, "active runs")
            try await guest.output(of: "lifeboot reset --schedule --persistent && lifeboot reset --unschedule")
            #expect(try await guest.run("lifeboot reset --unschedule").status == 2, "nothing is pending")
            try await guest.output(of: "lifeboot reset --schedule")
            try await guest.restart()
            try await guest.waitForBoot(role: .recovery)
            try await guest.waitForHealthy(role: .active)
            #expect(guest.starts(of: .recovery) == 1)
            try await Self.expectReset(guest, from: before, state: "good")
            #expect(try await guest.marked() == ["oem", "persistent"])
        }
    }

    /// Steps at whose beginning the machine dies, with what is still to be formatted then.
    static let deaths: [(step: String, rest: Set<WipeScope?>)] = [
        ("format-oem", [.all]), ("format-persistent", [.persistent]), ("mend-state", [nil]),
        ("deploy-image", [nil]), ("finish", [nil]),
    ]

    @Test(
        "is finished by recovery however often the machine dies, and formats nothing twice",
        .enabled(if: wantsEnduranceTests)
    )
    func interrupted() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch) { disk in
                try await disk.mark("oem", "persistent")
                // The passive image is the one of recovery: it counts as copied already, unless it is rotten.
                let passive = try await disk.imageDirectory(of: .passive)
                try await disk.damageBlock(of: "\(passive.path)/root.squashfs", on: passive.partition, at: 8_000_000)
                try await disk.changeBootEnvironment { ($0.pending, $0.wipe) = (.reset, .all) }
            }
            for death in Self.deaths {
                try await Self.die(at: death.step, disk)
                try await disk.edit { disk in
                    let environment = try await disk.bootEnvironment()
                    // The last step is over so soon that the machine may die after it.
                    guard death.step != "finish" || environment.pending != nil else { return }
                    #expect(environment.pending == .reset && death.rest.contains(environment.wipe), "\(death.step)")
                    if death.step == "format-persistent" { try await disk.mark("oem") }
                    if death.step == "mend-state" { try await disk.mark("persistent") }
                }
            }
            try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                if try await guest.waitForBoot().role == "recovery" { try await guest.waitForBoot(role: .active) }
                #expect(try await guest.waitForVerdict().status == 0)
                #expect(try await guest.marked() == ["oem", "persistent"])
                let status = try await guest.status()
                #expect(status.of(.active)?["image"] == status.of(.recovery)?["image"])
                #expect(status.of(.active)?["state"]?.text == "good" && status.problems == [])
            }
        }
    }

    /// Lets recovery go on by itself until it begins a step, and takes the power away.
    static func die(at step: String, _ disk: DiskImage) async throws {
        try await withGuest(GuestConfiguration(disks: [disk])) { guest in
            try await guest.console.wait(for: "] \(step)", within: Guest.bootLimit)
            // In the middle of a copy is worth more than its beginning.
            if step == "deploy-image" {
                try await guest.console.wait(for: " % ", moreThan: 3, within: limit)
            }
            await guest.cutPower()
        }
    }
}

extension DiskEditor {
    /// Puts a file on ext4 partitions that is gone when they were formatted.
    func mark(_ partitions: String...) async throws {
        for name in partitions { try await setFile("/marker", on: name, to: Array("here\n".utf8)) }
    }
}

extension Guest {
    /// Which of the partitions OEM and persistent still have their marks, mounted or not.
    func marked() async throws -> [String] {
        let script = """
            sync
            for name in oem persistent; do
                debugfs -R 'cat /marker' /dev/disk/by-partlabel/$name 2>/dev/null | grep -q here && echo $name
            done
            true
            """
        return try await output(of: script).split(separator: "\n").map(String.init)
    }

    /// Runs an operation that prints JSON, which must succeed, and returns the names of its steps.
    func steps(of command: String, within limit: Duration) async throws -> [String] {
        let lines = try await output(of: command, within: limit).split(separator: "\n")
        let events = try lines.filter { $0.hasPrefix("{") }.map { try JSONValue(parsing: Array($0.utf8)) }
        return events.compactMap { $0["event"]?.text == "step" ? $0["action"]?.text : nil }
    }
}
