import Foundation

/// A guest without the product, which QEMU boots directly.
struct PlainGuest: Sendable {
    /// Where `guest/build-plain` put its files.
    let directory: String

    /// Builds it, or finds it in the cache.
    static func build() async throws -> PlainGuest {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../guest/build-plain"
        let output = try await HostCommand.run(script, [], within: .seconds(600))
        return PlainGuest(directory: output.split(separator: "\n").last.map(String.init) ?? "")
    }

    /// A machine whose root is the squashfs as a whole disk.
    func configuration(in scratch: String) async throws -> GuestConfiguration {
        let disk = try await DiskImage(copyingOnWrite: "\(directory)/root.squashfs", at: "\(scratch)/disk.qcow2")
        var configuration = GuestConfiguration(disks: [disk])
        configuration.directKernel = GuestConfiguration.DirectKernel(
            kernel: "\(directory)/vmlinuz", initrd: "\(directory)/initrd.img",
            arguments: "root=/dev/vda rootfstype=squashfs ro systemd.volatile=overlay panic=5")
        return configuration
    }
}
