import Foundation
import ImageModel
import Testing

@Suite("A system that enforces SELinux", .enabled(if: wantsEnduranceTests), .timeLimit(.minutes(60)))
struct LabelTests {
    private static let configuration = """
        stages:
          initramfs:
            - hostname: labelled
              files:
                - {path: /etc/early, content: x}
                - {path: /var/lib/early/folder/file, content: x}
              commands: ['echo x >/etc/early-by-command']
            - users: {ann: {shell: /bin/bash}}
          boot:
            - users: {joe: {shell: /bin/bash}}
            - files:
                - {path: /etc/late, content: x}
                - {path: /var/lib/late/folder/file, content: x}
              authorized_keys:
                joe: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMLY8hW0Cg1gzyNpfHF6XZ1JYgEzSFmyYrwCNZtFn7Vm joe]
        """

    /// An extension image brings its labels along, as for systemd-sysext.
    private static let overlay = """
        set -e; cd "$1"; mkdir -p t/usr/bin t/usr/lib/extension-release.d
        printf '#!/bin/sh\\nid -Z\\n' >t/usr/bin/brought; chmod 755 t/usr/bin/brought
        echo ID=_any >t/usr/lib/extension-release.d/extension-release.tools
        label() { type=$1; shift; setfattr -h -n security.selinux -v "system_u:object_r:$type:s0" "$@"; }
        label usr_t t t/usr; label bin_t t/usr/bin t/usr/bin/brought
        label lib_t t/usr/lib t/usr/lib/extension-release.d t/usr/lib/extension-release.d/*
        mksquashfs t tools.squashfs -quiet -no-progress -all-root >/dev/null
        """

    /// What is made, replaced, seeded, stacked or persisted; the policy says which label each has to have.
    private static let paths = [
        "/etc", "/var", "/root", "/home", "/srv", "/opt", "/var/lib", "/var/lib/dpkg/status", "/usr", "/usr/bin",
        "/etc/machine-id", "/etc/hostname", "/etc/hosts", "/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow",
        "/etc/early", "/etc/early-by-command", "/var/lib/early", "/var/lib/early/folder/file", "/etc/late",
        "/var/lib/late", "/var/lib/late/folder/file", "~ann", "~joe", "~joe/.ssh", "~joe/.ssh/authorized_keys",
        "/usr/bin/brought", "/etc/ld.so.cache", "/etc/selinux/config",
    ]

    @Test(
        "has the labels of its policy on overlays, seeded and persisted paths, what stages write and what overlays bring",
        arguments: ["bind", "overlay"])
    func labels(mode: String) async throws {
        try await withScratchDirectory { scratch in
            try await HostCommand.run("sh", ["-c", Self.overlay, "sh", scratch])
            let image = FileManager.default.contents(atPath: "\(scratch)/tools.squashfs") ?? Data()
            try await withSystem(
                .selinux,
                change: { disk in
                    let layout = "persistent: {mode: \(mode), paths: [/var/lib, /home]}\n"
                    try await disk.setFile("/layout.yaml", on: "oem", to: Array(layout.utf8))
                    try await disk.setFile("/10_stages.yaml", on: "oem", to: Array(Self.configuration.utf8))
                    try await disk.debugfs("mkdir /overlays", on: "oem", writing: true)
                    try await disk.setFile("/overlays/10-tools.squashfs", on: "oem", to: Array(image))
                }
            ) { guest, _ in
                try await guest.waitForHealthy(role: .active)
                try await Self.expectLabels(guest)
                // The second boot finds what the first one has seeded and stacked.
                try await guest.output(of: "echo x >/var/lib/kept && restorecon /var/lib/kept && sync")
                try await guest.restart()
                try await guest.waitForHealthy(role: .active)
                try await Self.expectLabels(guest)
                try await guest.output(of: "matchpathcon -V /var/lib/kept")
            }
        }
    }

    private static func expectLabels(_ guest: Guest) async throws {
        #expect(try await guest.output(of: "getenforce") == "Enforcing")
        #expect(try await guest.status().problems == [])
        let wrong = try await guest.run("matchpathcon -V \(paths.joined(separator: " ")) | grep -v ' verified.$'")
        #expect(wrong.text == "")
        let unlabelled = try await guest.run("find /etc /var /home /root -xdev -context '*unlabeled_t*' | head -n 20")
        #expect(unlabelled.text == "")
        #expect(try await guest.output(of: "brought").contains(":"))
    }
}
