import Foundation
import ImageModel
import JSONText
import Testing

@Suite("A machine that nobody watches", .enabled(if: wantsEnduranceTests), .timeLimit(.minutes(60)))
struct UnattendedTests {
    /// Carries out a script as a privileged container of the machine does: mounts and a `/run` of its own, the machine's root at
    /// `/mnt/host`, and the machine's process numbers.
    private static func inContainer(_ script: String) -> String {
        """
        unshare --mount --propagation private bash -s <<'END'
        set -e
        mkdir -p /run/container
        mount --rbind / /run/container
        mount -t tmpfs container /run/container/run
        mount -t tmpfs container-only /run/container/mnt
        mkdir /run/container/mnt/host
        mount --rbind / /run/container/mnt/host
        exec chroot /run/container bash -c '\(script)'
        END
        """
    }

    @Test(
        "follows its channel at its time, restarts by policy, remembers it, and leaves a machine alone that people use")
    func follows() async throws {
        try await withScratchDirectory { scratch in
            let system = try await InstalledSystem.build()
            try await withRegistry(
                offering: [3],
                further: { "channel: \($0.source("os/channel:stable"))\nupdate: {interval: 1, reboot: always}\n" }
            ) { guest, registry in
                try await guest.waitForHealthy(role: .active)
                let enabled = try await guest.output(of: "systemctl is-enabled lifeboot-update.timer; true")
                #expect(enabled.hasPrefix("disabled"), "\(enabled)")
                let channel = TestChannelDocument(registry: registry, system: system, in: scratch)
                try await channel.publish(release: 3)
                try await guest.waitForNetwork()

                // The first look is only noted: the machine waits for its place in the hour.
                let first = try await guest.tryUpgrade("--unattended")
                let decision = first.end?["decision"]
                #expect(
                    first.status == 0 && decision?["action"]?.text == "wait" && first.isChanged == false, "\(first)")
                #expect(
                    try await guest.output(of: "cat /run/lifeboot/state/lifeboot/update.json").contains("firstSeen"))
                let again = try await guest.output(of: "lifeboot upgrade --unattended 2>&1")
                #expect(again == "", "what is no news is not said: \(again)")

                // The unit does it when it is time, and its job ends before that is done.
                try await guest.order("date -s '+61 minutes' >&2; systemctl start lifeboot-update.service")
                try await guest.waitForHealthy(role: .active)
                #expect(try await guest.roles() == "active=test 3 good, passive=test 2 good, recovery=test 1")
                let memory = try await guest.output(of: "cat /run/lifeboot/state/lifeboot/update.json")
                let value = try JSONValue(parsing: Array(memory.utf8))
                #expect(value["lastSuccess"]?.integer != nil && value["failures"]?.integer == 0, "\(memory)")
                #expect(value["restartedFor"]?.text != nil, "\(memory)")

                // Nobody is there to ask: it fails, and says when it tries again.
                try await registry.stop()
                let failed = try await guest.run(
                    "date -s '+125 minutes' >&2; lifeboot upgrade --unattended; s=$?; cat /run/lifeboot/update.json; exit $s",
                    within: Guest.upgradeLimit)
                #expect(failed.status == 21 && failed.text.contains("tried again after a failure"), "\(failed.text)")
                #expect(failed.text.contains("\"failures\": 1") && failed.text.contains("\"retry\""), "\(failed.text)")
                try await registry.start()

                try await guest.output(of: "lifeboot switch recovery --once")
                let pinned = try await guest.tryUpgrade("--unattended")
                #expect(pinned.end?["decision"]?["reason"]?.text == "pinned", "\(pinned)")
            }
        }
    }

    @Test("is upgraded from a privileged container: the machine's locks, statuses and restart")
    func container() async throws {
        try await withRegistry(offering: [3]) { guest, registry in
            try await guest.waitForHealthy(role: .active)
            try await guest.waitForNetwork()
            let source = registry.source("os:3")
            let status = try await guest.output(of: Self.inContainer("lifeboot --host /mnt/host status --json"))
            #expect(try JSONValue(parsing: Array(status.utf8))["running"]?["role"]?.text == "active", "\(status)")

            let lock = "exec 9>>/run/lifeboot/operation; flock 9; "
            let busy = try await guest.run(
                lock + Self.inContainer("exec 9>&-; lifeboot --host /mnt/host upgrade \(source)"))
            #expect(busy.status == 23 && busy.text.contains("is at work"), "\(busy.text)")

            try await guest.order(
                "systemd-run --unit=job bash -c \(Self.quoted(Self.inContainer("lifeboot --host /mnt/host upgrade \(source) --reboot")))"
            )
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.roles() == "active=test 3 good, passive=test 2 good, recovery=test 1")
            let second = try await guest.run(Self.inContainer("lifeboot --host /mnt/host upgrade \(source) --reboot"))
            #expect(second.status == 0 && second.text.contains("Nothing to do"), "\(second.text)")

            let report = try await guest.output(
                of: Self.inContainer("lifeboot --host /mnt/host report --output /run/report.tar.gz") + """

                    cd /run; stat -c %a report.tar.gz; tar -xzf report.tar.gz; cat lifeboot-report-*/README.txt
                    """, within: .seconds(600))
            #expect(report.contains("600\n"), "\(report)")
            for part in ["status.json (", "journal/boot-0.txt (", "next-boot.txt (", "boot-env.txt (", "kernel.log ("] {
                #expect(report.contains(part), "\(report)")
            }
            // Onto FAT, as sticks have it: the boot partition is one, of which the report cannot tell meanwhile.
            let stick = try await guest.output(
                of: """
                    mkdir -p /run/stick; mount -t vfat /dev/disk/by-partlabel/boot /run/stick
                    lifeboot report --output /run/stick/; ls -A /run/stick
                    rm /run/stick/lifeboot-report-*.tar.gz; umount /run/stick
                    """, within: .seconds(600))
            #expect(stick.contains("\nlifeboot-report-") && !stick.contains(".new-"), "\(stick)")
        }
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
}
