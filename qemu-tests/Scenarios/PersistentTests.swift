import Foundation
import ImageModel
import JSONText
import Testing

@Suite("The persistent partition", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct PersistentTests {
    /// Where an encrypted partition is open.
    static let mapping = "/dev/mapper/lifeboot-persistent"

    /// What the unit that runs at each boot did in this one.
    static func unitOutput(_ guest: Guest) async throws -> String {
        try await guest.output(of: "journalctl --output=cat --unit=lifeboot-grow.service")
    }

    /// Who lets the partition take up its disk.
    enum Grower: CaseIterable {
        case unit, stage

        /// The file of configuration that asks for it.
        static let file = """
            stages:
              initramfs: [{systemctl: {mask: [lifeboot-grow.service]}}]
              boot: [{layout: {device: {label: COS_PERSISTENT}, expand_partition: {size: 0}}}]
            """

        /// Expects that it was this one which did it in this boot.
        func expectGrown(_ guest: Guest) async throws {
            switch self {
            case .unit:
                let output = try await PersistentTests.unitOutput(guest)
                for step in ["write-table", "tell-kernel", "grow-filesystem"] { #expect(output.contains(step)) }
            case .stage:
                #expect(try await guest.run("systemctl is-enabled lifeboot-grow.service").text == "masked")
                #expect(try await guest.json(of: "cat /run/lifeboot/stages/boot.json")["problems"] == .array([]))
            }
        }
    }

    @Test("it takes up a larger disk while it is in use, once", arguments: Grower.allCases.first(1))
    func grown(by grower: Grower) async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch) { disk in
                guard grower == .stage else { return }
                try await disk.setFile("/10_grow.yaml", on: "oem", to: Array(Grower.file.utf8))
            }
            try await HostCommand.run("qemu-img", ["resize", "-q", disk.path, "+1G"])
            try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                try await guest.waitForHealthy(role: .active)
                try await grower.expectGrown(guest)
                try await guest.output(of: "echo kept >/run/lifeboot/persistent/file")
                let size = "stat -fc '%b %S' /run/lifeboot/persistent"
                let words = try await guest.output(of: size).split(separator: " ").compactMap { Int($0) }
                #expect(words.reduce(1, *) > 1 << 30)
                #expect(try await guest.output(of: "lifeboot grow").contains("takes up its disk"))
                try await guest.restart()
                try await guest.waitForHealthy(role: .active)
                #expect(try await guest.output(of: "lifeboot grow").contains("takes up its disk"))
                #expect(try await guest.output(of: "cat /run/lifeboot/persistent/file") == "kept")
            }
            let state = try await disk.edit { try await HostCommand.run("sfdisk", ["--verify", $0.path]) }
            #expect(state.contains("No errors detected"))
        }
    }

    /// A key that nobody can type.
    static let key = (0..<32).map { UInt8($0) }

    /// Makes the persistent partition a LUKS2 volume without anything in it, and puts its key on OEM.
    static func encrypt(_ disk: DiskEditor) async throws {
        try await encrypt(disk, key)
        try await disk.debugfs("mkdir /lifeboot", on: "oem", writing: true)
        try await disk.setFile("/lifeboot/persistent.key", on: "oem", to: key)
    }

    /// Makes the persistent partition a LUKS2 volume without anything in it.
    static func encrypt(_ disk: DiskEditor, _ secret: [UInt8]) async throws {
        let partition = try await disk.partition("persistent")
        try await withScratchDirectory { directory in
            let (key, volume) = ("\(directory)/key", "\(directory)/volume")
            _ = FileManager.default.createFile(atPath: key, contents: Data(secret))
            try await HostCommand.run("truncate", ["-s", "\(partition.size)", volume])
            try await HostCommand.run(
                "cryptsetup",
                [
                    "luksFormat", "--batch-mode", "--type", "luks2", "--pbkdf", "pbkdf2", "--pbkdf-force-iterations",
                    "1000", "--key-file", key, volume,
                ])
            let header = Array(try Data(contentsOf: URL(fileURLWithPath: volume)).prefix(16 << 20))
            try disk.write(header, at: partition.offset)
        }
    }

    @Test("an encrypted one is opened with the key on OEM, and grows with its volume")
    func encrypted() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch, change: Self.encrypt)
            try await HostCommand.run("qemu-img", ["resize", "-q", disk.path, "+1G"])
            try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                try await guest.waitForHealthy(role: .active)
                try await guest.output(of: "mke2fs -q -t ext4 -L LB_PERSISTENT \(Self.mapping)")
                try await guest.restart()
                try await guest.waitForHealthy(role: .active)
                // By number: the name may be the link, the device, or a second node of it.
                let number = "stat -Lc %t:%T"
                let source = "$(findmnt -no SOURCE /run/lifeboot/persistent)"
                let isMounted = "test $(\(number) \(source)) = $(\(number) \(Self.mapping))"
                #expect(try await guest.run(isMounted).status == 0)
                let output = try await Self.unitOutput(guest)
                #expect(output.contains("grow-volume") && output.contains("grow-filesystem"))
                try await guest.restart()
                try await guest.waitForHealthy(role: .active)
                #expect(try await guest.run(isMounted).status == 0)
                #expect(try await guest.output(of: "lifeboot grow").contains("takes up its disk"))
                #expect(try await guest.status().problems == [])
            }
        }
    }

    @Test(
        "one that nobody opens is reported, and the machine runs when the layout does not require it",
        .enabled(if: wantsEnduranceTests))
    func locked() async throws {
        try await withSystem(change: { disk in
            try await Self.encrypt(disk)
            try await disk.removeFile("/lifeboot/persistent.key", on: "oem")
            let layout = "persistent:\n  required: false\n"
            try await disk.setFile("/layout.yaml", on: "oem", to: Array(layout.utf8))
        }) { guest, _ in
            try await guest.waitForHealthy(role: .active)
            let steps = try await guest.json(of: "cat /run/lifeboot/boot.json")["steps"]?.elements ?? []
            let step = steps.first { $0["step"]?.text == "unlock-persistent" }
            #expect(step?["outcome"]?.text == "failed-optional")
            #expect(step?["message"]?.text?.contains("persistent.key is not there") == true)
        }
    }
}
