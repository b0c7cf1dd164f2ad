import Foundation
import ImageModel
import JSONText
import Testing

@Suite("Overlays", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct OverlayTests {
    /// Makes a folder, an archive and an image, each over the one before, and what is not to be stacked.
    private static let make = """
        set -e; cd "$1"; mkdir in t
        each() { mkdir -p "$1/usr/share/order" "$1/etc"; echo "$2" >"$1/etc/of-$2"; for n in $3; do echo "$2" >"$1/usr/share/order/$n"; done; }
        release() { mkdir -p "$1/usr/lib/extension-release.d"; echo "$3" >"$1/usr/lib/extension-release.d/extension-release.$2"; }
        each in/10-folder folder 'a b c'; mkdir -p in/10-folder/opt; echo folder >in/10-folder/opt/of-folder
        each t/archive archive 'b c'; tar -C t/archive --zstd -cf in/20-archive.tar.zst usr etc
        each t/image image c; rm -r t/image/etc; release t/image image ID=_any
        printf '#!/bin/sh\\necho a new program\\n' >t/image/usr/share/order/program; chmod 755 t/image/usr/share/order/program
        mksquashfs t/image in/30-image.squashfs -quiet -no-progress -all-root >/dev/null
        each t/foreign foreign c; release t/foreign foreign 'ID=another'
        mksquashfs t/foreign in/40-foreign.raw -quiet -no-progress -all-root >/dev/null
        head -c 100000 /dev/urandom >in/50-damaged.squashfs
        each in/60-recovery recovery d; echo 'match: {role: recovery}' >in/60-recovery.yaml
        printf 'required: true\\nmatch: {role: active}\\n' >in/50-damaged.yaml
        xorriso -as mkisofs -quiet -V overlays -r -o data.iso in
        """

    private static func withOverlays(_ body: (Guest) async throws -> Void) async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            try await HostCommand.run("sh", ["-c", make, "sh", scratch])
            let disk = try await system.disk(in: scratch)
            let data = DiskImage(raw: "\(scratch)/data.iso")
            try await withGuest(GuestConfiguration(disks: [disk, data])) { guest in
                try await guest.waitForHealthy(role: .active)
                try await guest.output(of: "mkdir -p /run/in && mount -o ro /dev/vdb /run/in")
                try await body(guest)
            }
        }
    }

    @Test(
        """
        of three kinds are added, checked and stacked in their order at the next boot; one for another system, a damaged \
        one and one for recovery are not, and the first two are in the status
        """)
    func kinds() async throws {
        try await Self.withOverlays { guest in
            for name in ["10-folder", "20-archive.tar.zst", "30-image.squashfs"] {
                #expect(try await guest.output(of: "lifeboot overlay add /run/in/\(name)").contains("next boot"))
            }
            for name in ["40-foreign.raw", "50-damaged.squashfs"] {
                let refused = try await guest.run("lifeboot overlay add /run/in/\(name)")
                #expect(refused.status == 2 && refused.text.contains("Nothing was added"), "\(refused)")
            }
            try await guest.output(of: "cp -r /run/in/[456]0-* /oem/overlays; rm /oem/overlays/50-damaged.yaml; sync")
            #expect(try await guest.run("lifeboot overlay check").status == 1)
            try await guest.restart()
            try await guest.waitForHealthy(role: .active)
            try await Self.expectStacked(guest)
            let list = try await guest.output(of: "lifeboot overlay list")
            for line in [
                "10-folder: /oem/overlays/10-folder, stacked", "40-foreign: /oem/overlays/40-foreign.raw, refused: ",
                "50-damaged: /oem/overlays/50-damaged.squashfs, refused: ",
                "60-recovery: /oem/overlays/60-recovery, elsewhere",
            ] { #expect(list.contains(line), "\(line) is not in \(list)") }
            let problems = try await guest.status().problems
            for name in ["40-foreign", "50-damaged"] {
                #expect(problems.contains { $0.hasPrefix(name) }, "\(problems)")
            }
            #expect(!problems.contains { $0.hasPrefix("60-recovery") }, "\(problems)")
            try await guest.output(of: "lifeboot overlay remove 30-image && test ! -e /oem/overlays/30-image.squashfs")
        }
    }

    private static func expectStacked(_ guest: Guest) async throws {
        let seen = try await guest.output(
            of:
                "cd /usr/share/order && cat a b c && ./program && cat /etc/of-folder /etc/of-archive /opt/of-folder; test ! -e d"
        )
        #expect(
            seen.split(separator: "\n").prefix(7) == [
                "folder", "archive", "image", "a new program", "folder", "archive", "folder",
            ])
        #expect(try await guest.run("touch /usr/share/order/x").status != 0)
        #expect(
            try await guest.output(of: "echo 1 >/etc/of-folder && findmnt -no FSTYPE /etc && findmnt -no FSTYPE /usr")
                == "overlay\noverlay")
        // The mounts belong to the initramfs: nothing may try to undo them at shutdown.
        #expect(try await guest.output(of: "findmnt -no OPTIONS /usr; cat /run/mount/utab").contains("TARGET=/usr "))
    }

    @Test(
        """
        that is required and damaged costs active its boots, and passive, which it is not for, comes up and says so; \
        recovery takes the one that names it alone
        """,
        .enabled(if: wantsEnduranceTests))
    func required() async throws {
        try await Self.withOverlays { guest in
            try await guest.output(of: "mkdir -p /oem/overlays && cp -r /run/in/[156]0-* /oem/overlays; sync")
            try await guest.restart()
            try await guest.waitForHealthy(role: .passive)
            let status = try await guest.status()
            #expect(status.of(.active)?["tries"]?.integer == 0)
            #expect(guest.console.text.contains("its policy says that it is required"))
            #expect(try await guest.output(of: "cat /usr/share/order/a; test ! -e /usr/share/order/d") == "folder")
            try await guest.output(of: "lifeboot switch recovery --once")
            try await guest.restart()
            try await guest.waitForBoot(role: .recovery)
            #expect(try await guest.output(of: "cat /usr/share/order/d; test ! -e /usr/share/order/a") == "recovery")
        }
    }
}
