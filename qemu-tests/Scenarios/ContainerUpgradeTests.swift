import Foundation
import ImageModel
import Testing

@Suite("An upgrade to a container image", .enabled(if: wantsEnduranceTests), .timeLimit(.minutes(60)))
struct ContainerUpgradeTests {
    /// Lets an image say what it does on the console of the tests.
    private static let arguments =
        "io.lifeboot.kernel-arguments=console=tty0 console=ttyS0 systemd.show_status=false lifeboot.device-timeout=10"

    @Test(
        "over TLS, with a password: a whole system, then a commit of what runs on machines; both boot, and so does recovery"
    )
    func containers() async throws {
        let system = try await InstalledSystem.build()
        try await withRegistry(
            .secure, offering: [],
            prepare: { registry, system, scratch in try await Self.fill(registry, system, scratch) }
        ) { guest, registry in
            try await guest.waitForHealthy(role: .active)
            try await Self.refusals(guest, registry)
            try await registry.sign("os:whole", key: "\(system.keys)/lifeboot.key")
            let other = try await guest.tryUpgrade(registry.source("os:whole"))
            #expect(other.status == 32 && other.text.contains("it is whole, and test is installed"), "\(other)")
            let whole = try await guest.upgrade(
                "--with-recovery --allow-other-product \(registry.source("os:whole"))")
            #expect(whole.warnings == [], "\(whole)")
            #expect(try await guest.roles() == "active=whole 5 trial, passive=test 2 good, recovery=whole 5")
            try await guest.restartHealthy(role: .active)
            #expect(try await guest.runningTitle() == "whole 5")
            #expect(try await guest.output(of: "findmnt -no FSTYPE /") == "squashfs")
            #expect(try await guest.upgrade(registry.source("os:whole")).isChanged == false)

            // No labels, no kernel: name, version and sequence are what the system and the time say.
            try await guest.upgrade("--only active \(registry.source("os:commit"))")
            #expect(try await guest.roles() == "active=debian 12 trial, passive=whole 5 good, recovery=whole 5")
            try await guest.restartHealthy(role: .active)
            #expect(try await guest.output(of: "cat /usr/lib/commit") == "of what runs")
            #expect(try await guest.roles() == "active=debian 12 good, passive=whole 5 good, recovery=whole 5")
            #expect(try await guest.status().problems == [])

            try await guest.output(of: "lifeboot switch recovery --once")
            try await guest.restartHealthy(role: .recovery)
            #expect(try await guest.runningTitle() == "whole 5")
        }
    }

    /// Makes both images with buildah, and gives them to the registry with skopeo; only the second one is signed.
    private static func fill(_ registry: TestRegistry, _ system: InstalledSystem, _ scratch: String) async throws {
        let script = """
            set -e
            cd "$1"
            b='buildah --storage-driver vfs --root '$1'/storage --runroot '$1'/run'
            image() {
                container=$($b from scratch)
                $b add --quiet $container "$2" / >&2
                [ ! -e "$3" ] || $b copy --quiet $container "$3" /usr/lib/commit >&2
                shift 3
                for label; do $b config --label "$label" $container; done
            }
            sqfs2tar "$2/v2/root.squashfs" >root.tar
            echo 'of what runs' >commit
            image whole "$2/tree.tar" none "$3" io.lifeboot.name=whole io.lifeboot.version=5 io.lifeboot.sequence=5
            $b commit --quiet --rm $container "oci:$1/layout:whole"
            image commit root.tar commit "$3"
            $b commit --quiet --rm $container "oci:$1/layout:commit"
            rm -rf root.tar storage run
            """
        try await HostCommand.run(
            "sh", ["-c", script, "sh", scratch, system.directory, arguments], within: .seconds(600))
        try await registry.copy("oci:\(scratch)/layout:whole", as: "os:whole")
        try await registry.copy("oci:\(scratch)/layout:commit", as: "os:commit", format: "zstd")
        try await registry.sign("os:commit", key: "\(system.keys)/lifeboot.key")
    }

    /// Without the password, without the authority, and before the image is signed nothing happens.
    private static func refusals(_ guest: Guest, _ registry: TestRegistry) async throws {
        let source = registry.source("os:whole")
        let unsigned = try await guest.tryUpgrade(source)
        #expect(unsigned.status == 10 && unsigned.text.contains("it is not signed"), "\(unsigned)")
        let stranger = try await guest.run(
            """
            echo '{"auths": {}}' >/run/none; mount --bind /run/none /oem/auth.json
            lifeboot upgrade \(source); status=$?
            umount /oem/auth.json; exit $status
            """)
        #expect(stranger.status == 26, "\(stranger.text)")
        let other = try await withScratchDirectory { directory in
            _ = try await TestAuthority(in: directory)
            return try String(contentsOfFile: "\(directory)/ca.pem", encoding: .utf8)
        }
        let unknown = try await guest.run(
            """
            echo '\(other)' >/run/other.pem
            sed 's,ca:.*,ca: /run/other.pem,' /oem/lifeboot.yaml >/run/edited; mount --bind /run/edited /oem/lifeboot.yaml
            lifeboot upgrade \(source); status=$?
            umount /oem/lifeboot.yaml; exit $status
            """)
        #expect(unknown.status == 21 && unknown.text.contains("certificate"), "\(unknown.text)")
        #expect(try await guest.roles() == "active=test 2 good, passive=test 1 good, recovery=test 1")
    }
}
