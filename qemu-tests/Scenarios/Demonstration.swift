import Foundation
import GrubEnvironment
import ImageModel
import Testing

/// Tells the story of a demonstration, a line at a time, to the file that `scripts/demo` shows.
struct Story: Sendable {
    /// The file, a pipe; nil unless `make demo` runs.
    static let path = ProcessInfo.processInfo.environment["LIFEBOOT_DEMO_STORY"]
    /// Where the pictures go.
    static let pictures = ProcessInfo.processInfo.environment["LIFEBOOT_DEMO_PICTURES"] ?? "/tmp"

    private let start = Date()

    func tell(_ text: String) {
        guard let path = Self.path, let file = FileHandle(forWritingAtPath: path) else { return }
        defer { try? file.close() }
        let seconds = Int(Date().timeIntervalSince(start))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let head = String(format: "%4d s  ", seconds)
        let rest = String(repeating: " ", count: head.count)
        let told = lines.enumerated().map { ($0 == 0 ? head : rest) + $1 }.joined(separator: "\n") + "\n"
        try? file.write(contentsOf: Data(told.utf8))
    }
}

@Suite("Demonstration", .enabled(if: Story.path != nil), .timeLimit(.minutes(30)))
struct Demonstration {
    @Test("a system boots, follows its channel, is broken, falls back, and ends in recovery")
    func story() async throws {
        let story = Story()
        story.tell("Making images from Debian packages, and a disk, with boatyard ...")
        let system = try await InstalledSystem.build()
        story.tell("The disk is \(system.directory)/disk.raw: active v2, passive v1, recovery v1.")
        try await withScratchDirectory { scratch in
            let site = try await ServedSite(in: scratch, keys: system.keys)
            try await site.publish(system.image(3), as: "3")
            try await site.offer("3")
            story.tell("Image v3 is in an OCI layout, and in its channel; 'boatyard serve' is the registry.")
            // Recovery stays what it is, so that nothing is copied while the machine is switched off.
            let disk = try await system.disk(in: scratch) {
                try await site.configure($0, further: "policy: {recovery-upgrade: refuse}\n")
            }
            try await boot(disk, .active, "It boots as a machine would: SeaBIOS, GRUB, dracut, systemd.", story) {
                guest in
                try await upgrade(guest, story)
            }
            try await site.stop()
            try await disk.edit { disk in
                try await disk.changeImageFile("initrd.img", of: .active) { Array($0.prefix($0.count / 2)) }
            }
            try await boot(
                disk, .passive, "Half of active's initrd is cut off. GRUB must go on to passive at once.", story)
            try await disk.edit { disk in
                try await disk.removeImageFile("manifest.sig", of: .passive)
                try await disk.setTries(1, of: .passive)
            }
            try await boot(
                disk, .recovery,
                "Now passive's signature is gone, too, and it has one attempt left. Recovery must run.", story)
        }
        story.tell("Done. Nobody pressed a key.")
    }

    /// Takes what the channel offers, and boots it.
    private func upgrade(_ guest: Guest, _ story: Story) async throws {
        try await guest.waitForNetwork()
        story.tell("\nIt takes the newest release of its channel.")
        let run = try await guest.upgrade("")
        story.tell("$ lifeboot upgrade\n\(run.bytes) bytes came over the network; the rest was there.")
        try await guest.restartHealthy(role: .active)
        story.tell("$ lifeboot status\n" + (try await guest.output(of: "lifeboot status")))
    }

    private func boot(
        _ disk: DiskImage, _ role: Role, _ words: String, _ story: Story,
        then body: (Guest) async throws -> Void = { _ in }
    ) async throws {
        story.tell("\n\(words)")
        var configuration = GuestConfiguration(disks: [disk])
        configuration.hasNetwork = true
        try await withGuest(configuration) { guest in
            let hello = try await guest.waitForBoot(role: role)
            story.tell("The \(hello.role) system runs.")
            if role != .recovery { _ = try await guest.waitForVerdict() }
            story.tell("$ lifeboot status\n" + (try await guest.output(of: "lifeboot status")))
            let picture = "\(Story.pictures)/demo-\(role.rawValue).png"
            try await guest.saveScreen(to: picture)
            story.tell("Picture of its screen: \(picture)")
            try await body(guest)
            try await guest.shutDown()
        }
    }
}
