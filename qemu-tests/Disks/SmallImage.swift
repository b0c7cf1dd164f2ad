import Foundation

/// A signed image of a few hundred kilobytes, for operations that nobody boots afterwards.
struct SmallImage: Sendable {
    /// Its directory.
    let directory: String

    /// Builds a release newer than all others, signed as `system` is.
    init(signedIn system: InstalledSystem, in scratch: String) async throws {
        let script = """
            set -e
            cd "$1"
            mkdir -p root/boot root/etc root/sbin root/usr/lib/modules/6.1.0 root/usr/lib/lifeboot/keys
            printf 'ID=test\\nVERSION_ID=9\\n' >root/etc/os-release
            for file in boot/vmlinuz-6.1.0 boot/initrd.img-6.1.0 usr/lib/data; do
                head -c 300000 /dev/urandom >root/$file
            done
            printf '#!' >root/sbin/init
            printf '#!' >root/usr/lib/lifeboot/lifeboot-init
            chmod 755 root/sbin/init root/usr/lib/lifeboot/lifeboot-init
            cp "$2/lifeboot.pub" root/usr/lib/lifeboot/keys/test.pem
            "$3" image build --rootfs root --key "$2/lifeboot.key" --name test --version 9 --sequence 9 -o small
            """
        try await HostCommand.run("sh", ["-c", script, "sh", scratch, system.keys, InstalledSystem.boatyard])
        directory = "\(scratch)/small"
    }

    /// Puts it onto the OEM partition as `/small.tar`.
    func put(on disk: DiskEditor) async throws {
        try await HostCommand.run("tar", ["-cf", "\(directory).tar", "-C", directory, "."])
        let archive = FileManager.default.contents(atPath: "\(directory).tar") ?? Data()
        try await disk.setFile("/small.tar", on: "oem", to: Array(archive))
    }
}
