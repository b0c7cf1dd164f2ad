import Foundation

/// A file that is a disc, and what its kernel is started with.
struct LiveMedium {
    let file: String
    private let image: String
    private let id: String
    private let content: String

    /// Puts an image and a folder of configuration into an ISO 9660 filesystem.
    ///
    /// - Parameter installation: what its `install.yaml` says; nil for none.
    init(of system: InstalledSystem, in scratch: String, installing installation: String? = nil) async throws {
        file = "\(scratch)/medium.iso"
        image = system.image(2)
        id = try await HostCommand.run("sha256sum", ["\(image)/manifest.json"]).prefix(16).description
        content = "\(scratch)/medium"
        try FileManager.default.createDirectory(atPath: "\(content)/oem", withIntermediateDirectories: true)
        try "stages: {initramfs: [{hostname: medium}]}\n".write(
            toFile: "\(content)/oem/10_medium.yaml", atomically: true, encoding: .utf8)
        try installation?.write(toFile: "\(content)/install.yaml", atomically: true, encoding: .utf8)
        try await HostCommand.run(
            "xorriso",
            ["-as", "mkisofs", "-quiet", "-R", "-graft-points", "-o", file, "/images/\(id)=\(image)", content],
            within: .seconds(120))
    }

    /// What `boatyard iso` makes of the same, which firmware starts from a disc and from a stick.
    func bootable(in scratch: String) async throws -> String {
        let path = "\(scratch)/bootable.iso"
        try await HostCommand.run(
            InstalledSystem.boatyard, ["iso", "--image", image, "--oem-files", "\(content)/oem", "-o", path],
            within: .seconds(120))
        return path
    }

    /// The same as a stick.
    var stick: DiskImage { DiskImage(raw: file) }

    func kernel(adding words: String = "") -> GuestConfiguration.DirectKernel {
        .init(
            kernel: "\(image)/vmlinuz", initrd: "\(image)/initrd.img",
            arguments: "lifeboot.mode=live lifeboot.image=\(id) panic=5 systemd.show_status=false \(words)")
    }

    /// A stick of FAT that all was copied to, with the label that whoever copied it liked.
    func copied(in scratch: String) async throws -> DiskImage {
        let path = "\(scratch)/copied.img"
        try await HostCommand.run("truncate", ["-s", "256M", path])
        try await HostCommand.run("mkfs.vfat", ["-F", "32", "-n", "HARBOUR 202", path])
        try await HostCommand.run("mmd", ["-i", path, "::images"])
        try await HostCommand.run("mcopy", ["-s", "-i", path, image, "::images/\(id)"], within: .seconds(60))
        try await HostCommand.run("mcopy", ["-s", "-i", path, "\(content)/oem", "::oem"])
        return DiskImage(raw: path)
    }

    /// A kernel whose initramfs carries all that is on the medium, as one that came over a network does.
    func carried(in scratch: String, adding words: String) async throws -> GuestConfiguration.DirectKernel {
        let (tree, initrd) = ("\(scratch)/carried", "\(scratch)/carried.img")
        // An archive begins at a multiple of four bytes.
        let script = """
            mkdir -p "$1/lifeboot/images/$2" && cp -r "$3"/. "$1/lifeboot" && cp -r "$4"/. "$1/lifeboot/images/$2"
            cp "$4/initrd.img" "$5" && truncate -s %4 "$5"
            cd "$1" && find lifeboot | cpio -o -H newc --quiet >>"$5"
            """
        try await HostCommand.run(
            "sh", ["-ec", script, "sh", tree, id, content, image, initrd], within: .seconds(120))
        var kernel = kernel(adding: words)
        kernel.initrd = initrd
        return kernel
    }

    /// A stick of FAT whose folder has the name of the image, and another manifest in it.
    func altered(in scratch: String) async throws -> DiskImage {
        let path = "\(scratch)/altered.img"
        let manifest = try String(contentsOfFile: "\(image)/manifest.json", encoding: .utf8) + " "
        try manifest.write(toFile: "\(scratch)/manifest.json", atomically: true, encoding: .utf8)
        try await HostCommand.run("truncate", ["-s", "64M", path])
        try await HostCommand.run("mkfs.vfat", ["-n", "ANYTHING", path])
        try await HostCommand.run("mmd", ["-i", path, "::images", "::images/\(id)"])
        for file in ["\(scratch)/manifest.json", "\(image)/manifest.sig"] {
            try await HostCommand.run("mcopy", ["-i", path, file, "::images/\(id)/"])
        }
        return DiskImage(raw: path)
    }
}
