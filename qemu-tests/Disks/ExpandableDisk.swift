import Foundation

extension InstalledSystem {
    /// Makes an expandable disk of the first release, on a larger disk than it is itself.
    ///
    /// - Parameters:
    ///   - settings: what `disk.yaml` says; nil for no such file.
    ///   - oem: further files on the OEM partition, by their paths.
    ///   - size: bytes of the disk.
    func expandableDisk(
        in scratch: String, settings: String?, oem: [String: String] = [:], size: Int
    ) async throws -> DiskImage {
        var files = oem
        files["lifeboot/disk.yaml"] = settings
        for (name, text) in files {
            let path = URL(fileURLWithPath: "\(scratch)/oem/\(name)")
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: path, atomically: false, encoding: .utf8)
        }
        let path = "\(scratch)/expandable.raw"
        let grub = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../grub/grub.cfg"
        try await HostCommand.run(
            Self.boatyard,
            ["disk", "--expandable", "--image", image(1), "--recovery", image(1), "--grub-config", grub, "-o", path]
                + (files.isEmpty ? [] : ["--oem-files", "\(scratch)/oem"]), within: .seconds(300))
        try await HostCommand.run("truncate", ["-s", "\(size)", path])
        return DiskImage(raw: path)
    }

    /// A file of configuration that keeps recovery from finishing what is pending by itself.
    static let unattended = [
        "10_by-hand.yaml": "stages: {initramfs: [{systemctl: {mask: [lifeboot-recovery.service]}}]}"
    ]
}

extension DiskEditor {
    /// The GUIDs of the disk and of its boot partition.
    func identifiers() async throws -> [String] {
        let dump = try await HostCommand.run("sfdisk", ["--dump", path])
        let lines = dump.split(separator: "\n")
        let disk = lines.first { $0.hasPrefix("label-id:") }.map { $0.dropFirst("label-id: ".count) }
        let boot = lines.first { $0.contains("name=\"boot\"") }?.split(separator: ",").first { $0.contains("uuid=") }
        return [disk, boot].compactMap { $0.map(String.init) }
    }
}
