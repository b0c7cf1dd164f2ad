import Foundation
import GrubEnvironment
import ImageModel
import JSONText
import Testing

@Suite("An installation", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct InstallTests {
    /// The longest that an installation takes on a busy machine.
    static let limit = Duration.seconds(400) * Guest.patience
    /// Bytes of a disk that is installed on.
    static let diskSize = 1_400 << 20
    static let sizes = "boot=70M,oem=32M,recovery=350M,state=500M,persistent=rest"

    /// A file that goes onto the OEM partition, and what comes of it.
    private static let configuration = "stages: {initramfs: [{hostname: installed}]}"
    private static let installed = "installed\n\(configuration)"

    @Test("from live media to an empty disk boots alone under BIOS and UEFI")
    func live() async throws {
        try await withScratchDirectory { scratch in
            let target = try DiskImage(empty: "\(scratch)/target.raw", size: Self.diskSize)
            let media = try await LiveMedia.configuration(in: scratch, installingOn: target)
            try await withGuest(media) { guest in
                #expect(try await guest.waitForBoot().role == "-")
                try await guest.output(of: "mkdir -p /run/media && mount -t squashfs -o ro /dev/vdb /run/media")
                try await guest.output(of: "mkdir /run/oem && echo '\(Self.configuration)' >/run/oem/90_custom.yaml")
                let install =
                    "lifeboot install --source dir:/run/media --sizes \(Self.sizes) --oem-from /run/oem --json"
                #expect(try await guest.run("\(install) /dev/vdb").status == 29, "it is mounted")
                #expect(try await guest.run("lifeboot install /dev/vdc").status == 30, "there is no image of ours")
                let steps = try await guest.steps(of: "\(install) /dev/vdc", within: Self.limit)
                #expect(steps.contains("deploy-recovery") && steps.last == "run-hooks")
                let again = try await guest.run("\(install) /dev/vdc")
                #expect(again.status == 29 && again.text.contains("it holds an installation"), "\(again.text)")
                try await guest.output(of: "mkdir /run/other && mount -o ro /dev/vdc6 /run/other")
                #expect(try await guest.run("\(install) --force /dev/vdc").status == 29, "it is in use")
                try await guest.shutDown()
            }
            for firmware in GuestConfiguration.Firmware.allCases {
                try await withGuest(GuestConfiguration(firmware: firmware, disks: [target])) { guest in
                    try await guest.waitForHealthy(role: .active)
                    try await Self.expectInstalled(guest)
                    #expect(try await guest.output(of: "hostname; cat /oem/90_custom.yaml") == Self.installed)
                    try await guest.shutDown()
                }
            }
        }
    }

    /// Expects the roles of docs/installing.md: one image, active and recovery.
    static func expectInstalled(_ guest: Guest) async throws {
        let status = try await guest.status()
        #expect(status.problems == [])
        #expect(status.of(.active)?["state"]?.text == "good" && status.of(.active)?["tries"]?.integer == 3)
        #expect(status.of(.active)?["image"]?.text == status.of(.recovery)?["image"]?.text)
        #expect(status.of(.passive)?["image"] == .null)
    }

    @Test(
        "from recovery into prepared partitions, encrypted, opens the volume with the stored key",
        .enabled(if: wantsEnduranceTests)
    )
    func prepared() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch) { disk in
                try await disk.changeBootEnvironment { $0.next = .recovery }
            }
            let target = try DiskImage(empty: "\(scratch)/target.raw", size: Self.diskSize)
            try await Self.prepare(target)
            try await withGuest(GuestConfiguration(disks: [disk, target])) { guest in
                try await guest.waitForBoot(role: .recovery)
                let refused = try await guest.run("lifeboot install --force /dev/vda")
                #expect(refused.status == 29 && refused.text.contains("comes from it"), "\(refused.text)")
                try await guest.output(of: "head -c 64 /dev/urandom >/run/key; mkdir /run/oem")
                try await guest.output(of: "echo ours >/run/oem/file")
                let options = "--partitions prepared --encrypt --key-file /run/key --oem-from /run/oem --json"
                let steps = try await guest.steps(of: "lifeboot install /dev/vdb \(options)", within: Self.limit)
                #expect(steps.contains("wipe-partition") && !steps.contains("write-table"))
                try await guest.shutDown()
            }
            try await withGuest(GuestConfiguration(disks: [target])) { guest in
                try await guest.waitForHealthy(role: .active)
                try await Self.expectInstalled(guest)
                // One device may have two nodes.
                let isOpen =
                    "test $(stat -Lc %t:%T $(findmnt -no SOURCE /run/lifeboot/persistent))"
                    + " = $(stat -Lc %t:%T \(PersistentTests.mapping))"
                #expect(try await guest.run(isOpen).status == 0)
                #expect(try await guest.output(of: "cat /oem/file") == "ours")
            }
        }
    }

    /// Makes the partitions that somebody else's installer would have made, in another order.
    static func prepare(_ disk: DiskImage) async throws {
        let table = """
            label: gpt
            size=1M, type=21686148-6449-6E6F-744E-656564454649, name=bios
            size=70M, type=U, name=boot
            size=500M, name=state
            size=350M, name=recovery
            size=32M, name=oem
            name=persistent

            """
        let script = "printf %s \"$1\" | sfdisk -q \"$2\""
        try await HostCommand.run("sh", ["-c", script, "sh", table, disk.path])
    }
}

/// A system that was not started from one of our disks, with an image on a second disk, as on a live medium.
enum LiveMedia {
    /// The disks are `/dev/vda`, the root; `/dev/vdb`, a squashfs with an image's files; and `/dev/vdc`.
    static func configuration(in scratch: String, installingOn target: DiskImage) async throws -> GuestConfiguration {
        let system = try await InstalledSystem.build()
        var configuration = try await PlainGuest.build().configuration(in: scratch)
        let image = "\(scratch)/image.squashfs"
        let packing = ["-noI", "-noD", "-noF", "-noX", "-noappend", "-no-progress", "-quiet"]
        try await HostCommand.run("mksquashfs", [system.image(1), image] + packing)
        configuration.disks = [
            try await DiskImage(copyingOnWrite: "\(system.image(1))/root.squashfs", at: "\(scratch)/root.qcow2"),
            DiskImage(raw: image), target,
        ]
        return configuration
    }
}
