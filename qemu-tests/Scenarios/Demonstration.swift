import Foundation
import GrubEnvironment
import ImageModel
import JSONText
import Testing

/// The whole life of a machine, on one disk.
@Suite("Demonstration", .enabled(if: Story.path != nil), .timeLimit(.minutes(30)))
struct Demonstration {
    private let story = Story()

    @Test("a system boots, follows a registry, is broken in every way, is repaired at its console, and loses its power")
    func life() async throws {
        story.chapter(1, "boatyard makes images of Debian packages, a disk of them, and publishes a release.")
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let registry = try await TestRegistry(.plain, in: scratch)
            try await registry.start()
            let broken = try await Self.broken(system, scratch)
            try await registry.publish(system.image(3), as: "os:3", signedIn: system)
            try await registry.publish(broken, as: "os:4", signedIn: system)
            story.tell(
                "The disk has test 2 as active, test 1 as passive and recovery. A docker-registry has test 3 and test 4."
            )
            // Recovery stays what it is, so that nothing is copied while the machine is switched off.
            let disk = try await system.disk(in: scratch) {
                try await registry.configure($0, further: "policy: {recovery-upgrade: refuse}\n")
            }
            try await liveHappily(disk, registry)
            try await breakBoth(disk)
            try await loseThePower(disk, registry)
            try await registry.stop()
        }
        story.tell("\nDone. Nobody had to come by, but for three keys.")
    }

    /// A release that is whole and well signed, and cannot start: it waits for a volume that no machine has.
    private static func broken(_ system: InstalledSystem, _ scratch: String) async throws -> String {
        try await system.image(3, in: scratch) { manifest in
            manifest.replacing("\"version\": \"3\"", with: "\"version\": \"4\"")
                .replacing("\"sequence\": 3", with: "\"sequence\": 4")
                .replacing("timeout=20\"", with: "timeout=3\", \"lifeboot.volume=LABEL=ABSENT:/data\"")
        }
    }

    private func liveHappily(_ disk: DiskImage, _ registry: TestRegistry) async throws {
        try await machine(disk) { guest in
            story.chapter(2, "The machine boots: SeaBIOS, GRUB, dracut, systemd.")
            try await guest.waitForHealthy(role: .active)
            try await story.run("lifeboot status", in: guest)
            let timeline = try await guest.output(
                of: "lifeboot boot-times --svg /run/boot.svg >/dev/null; cat /run/boot.svg")
            try timeline.write(toFile: "\(Story.pictures)/boot-times.svg", atomically: true, encoding: .utf8)
            story.tell("Where the time of this boot went: \(Story.pictures)/boot-times.svg")
            try await story.picture("1-active", of: guest)
            story.chapter(3, "It takes test 3 from the registry.")
            try await upgrade(guest, registry.source("os:3"), system: 3)
            try await guest.restartHealthy(role: .active)
            story.tell("It runs \(try await guest.runningTitle() ?? "?").")
            story.chapter(4, "It takes test 4, which cannot start. Three attempts, then it goes back by itself.")
            try await guest.upgrade(registry.source("os:4"))
            try await guest.restart()
            try await guest.waitForHealthy(role: .passive, within: Guest.bootLimit * 3)
            try await story.run("cat /run/issue.d/lifeboot.issue", in: guest)
            try await story.picture("2-fallback", of: guest)
            story.chapter(5, "Somebody makes the fallback permanent.")
            try await story.run("lifeboot rollback", in: guest)
            try await guest.restartHealthy(role: .active)
            story.tell("\(try await guest.runningTitle() ?? "?") is active again.")
            try await guest.shutDown()
        }
    }

    /// Takes a release, and tells what came over the network.
    private func upgrade(_ guest: Guest, _ source: String, system release: Int) async throws {
        let run = try await guest.upgrade(source)
        let image = try await InstalledSystem.build().image(release)
        let size = try FileManager.default.attributesOfItem(atPath: "\(image)/root.squashfs")[.size] as? Int64 ?? 0
        story.tell(
            "$ lifeboot upgrade \(source)\n\(run.bytes) bytes came over the network, of \(size) that the root file has; "
                + "the rest was on the disk.")
    }

    private func breakBoth(_ disk: DiskImage) async throws {
        story.chapter(6, "While it is off, both systems are damaged. Only recovery can start.")
        try await disk.edit { disk in
            try await disk.changeImageFile("initrd.img", of: .active) { Array($0.prefix($0.count / 2)) }
            try await disk.changeImageFile("vmlinuz", of: .passive) { Array($0.prefix($0.count / 2)) }
        }
        try await machine(disk) { guest in
            try await guest.waitForBoot(role: .recovery)
            try await guest.startLogins()
            try await guest.expectScreen("RECOVERY SYSTEM", "> 1  Try the normal system again")
            story.tell(try await guest.screen())
            try await story.picture("3-recovery", of: guest)
            story.chapter(7, "Somebody comes by and presses 3, y and Enter: put this image back, keep the data.")
            try await guest.press("3")
            try await guest.expectScreen("Press y to do it")
            try await story.picture("4-plan", of: guest)
            try await guest.press("y")
            try await guest.expectScreen("it counts when the machine starts again", within: ResetTests.limit)
            try await story.picture("5-reset", of: guest)
            try await guest.press("ret")
            try await guest.waitForHealthy(role: .active)
            story.tell("It runs \(try await guest.runningTitle() ?? "?").")
            try await guest.shutDown()
        }
    }

    private func loseThePower(_ disk: DiskImage, _ registry: TestRegistry) async throws {
        story.chapter(8, "The power goes away in the middle of an upgrade.")
        let source = registry.source("os:3")
        try await machine(disk) { guest in
            try await guest.waitForHealthy(role: .active)
            try await guest.waitForNetwork()
            story.tell("$ lifeboot upgrade \(source)")
            let moment = try await Self.upgrade(from: source, upTo: "copying root.squashfs", guest)
            story.tell("The power is cut at this moment: \(moment)")
            await guest.cutPower()
        }
        try await machine(disk) { guest in
            try await guest.waitForHealthy(role: .active)
            story.tell(
                "It runs \(try await guest.runningTitle() ?? "?"), as before. The same command goes on where it stopped."
            )
            try await upgrade(guest, source, system: 3)
            try await guest.restartHealthy(role: .active)
            try await story.run("lifeboot status", in: guest)
            try await story.picture("6-end", of: guest)
        }
    }

    /// Begins an upgrade, and returns how far it says that it is once it does something.
    private static func upgrade(from source: String, upTo activity: String, _ guest: Guest) async throws -> String {
        let note = try await guest.output(
            of: """
                lifeboot upgrade --json \(source) >/run/upgrade 2>&1 &
                for ((i = 0; i < 600; i++)); do
                    grep '\(activity)' /run/lifeboot/progress 2>/dev/null && exit 0
                    sleep 0.05
                done
                cat /run/upgrade; exit 1
                """, within: .seconds(120))
        let value = try JSONValue(parsing: Array(note.utf8))
        return "\(value["action"]?.text ?? "?"), \(value["activity"]?.text ?? "?"), byte \(value["done"]?.integer ?? 0)"
    }

    private func machine(_ disk: DiskImage, _ body: (Guest) async throws -> Void) async throws {
        var configuration = GuestConfiguration(disks: [disk])
        configuration.hasNetwork = true
        try await withGuest(configuration, body)
    }
}
