import Foundation
import GrubEnvironment
import ImageModel

/// Kernel and initramfs of the active image as files of their own, for boots past firmware and GRUB.
struct DirectBoot: Sendable {
    /// The path of the kernel.
    let kernel: String
    /// The path of the initramfs.
    let initrd: String
    /// The image's folder on the state partition.
    let folder: String
    /// What GRUB would say.
    let arguments: String

    /// Takes them from the disk of a system; the disk is not changed.
    init(_ system: InstalledSystem, in scratch: String) async throws {
        let disk = try await DiskImage(
            copyingOnWrite: "\(system.directory)/disk.raw", at: "\(scratch)/direct-boot.qcow2")
        self = try await disk.edit { editor in
            let (partition, folder) = try await editor.imageDirectory(of: .active)
            for name in ["vmlinuz", "initrd.img"] {
                let bytes = try await editor.file("\(folder)/\(name)", on: partition)
                try Data(bytes).write(to: URL(fileURLWithPath: "\(scratch)/\(name)"))
            }
            let boot = try await HostCommand.run(
                "sh",
                [
                    "-c", "sfdisk --json \"$0\" | grep -B9 '\"name\": \"boot\"' | grep -o '\"uuid\": \"[^\"]*'",
                    editor.path,
                ])
            let uuid = boot.split(whereSeparator: { "\"\n".contains($0) }).last.map(String.init) ?? ""
            let id = folder.split(separator: "/").last ?? ""
            let tries = try await editor.bootEnvironment().tries(of: .active)
            return DirectBoot(
                kernel: "\(scratch)/vmlinuz", initrd: "\(scratch)/initrd.img", folder: folder,
                arguments:
                    "lifeboot.role=active lifeboot.image=\(id) lifeboot.boot=PARTUUID=\(uuid) lifeboot.tries=\(tries)")
        }
    }

    private init(kernel: String, initrd: String, folder: String, arguments: String) {
        (self.kernel, self.initrd, self.folder, self.arguments) = (kernel, initrd, folder, arguments)
    }

    /// The kernel with another initramfs, or more words.
    func directKernel(initrd: String? = nil, adding words: String = "") -> GuestConfiguration.DirectKernel {
        .init(
            kernel: kernel, initrd: initrd ?? self.initrd,
            arguments: arguments + " systemd.show_status=false panic=5 " + words)
    }

    /// The initramfs after a change: a shell script that runs in the folder of its content.
    func changedInitrd(in scratch: String, by script: String) async throws -> String {
        let changed = "\(scratch)/changed-\(UUID().uuidString.prefix(6)).img"
        let whole = """
            set -e
            mkdir "$2.content" && cd "$2.content"
            zstd -q -dc "$1" | cpio -idm --quiet
            \(script)
            find . -print0 | sort -z | cpio -o0 -H newc --quiet | zstd -q -3 >"$2"
            """
        try await HostCommand.run("sh", ["-c", whole, "sh", initrd, changed], within: .seconds(60))
        return changed
    }
}
