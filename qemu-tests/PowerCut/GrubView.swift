import GrubEnvironment
import ImageModel

/// The disk as GRUB sees it: its own filesystem code, which replays no journal, reads the disk as a whole.
struct GrubView {
    let disk: ReplayedDisk
    let places: DiskPlaces
    let digests: DigestCache

    /// Reads the boot environment.
    func bootEnvironment() async throws -> BootEnvironmentReading {
        try BootEnvironment.read(try await bytes(of: "lifeboot/boot.env", on: places.boot))
    }

    /// Says why GRUB would pass over the image of a role; nil when it would load it.
    ///
    /// This is `lifeboot_usable` of grub.cfg: kernel and initrd are there and have the digests in `boot.sha256`. That
    /// `kernel.env` is whole is more than GRUB asks for: without it the kernel starts with other arguments.
    func problem(of role: Role, _ image: ImageID) async throws -> String? {
        let store = places.store(of: role)
        let directory = "images/\(image)"
        do {
            let list = String(decoding: try await bytes(of: "\(directory)/boot.sha256", on: store), as: UTF8.self)
            let expected = list.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
            guard expected.map(\.last) == ["vmlinuz", "initrd.img"] else { return "GRUB: boot.sha256 is '\(list)'" }
            for line in expected {
                let file = "\(directory)/\(line[1])"
                let digest = try digests.digest(of: try await extents(of: file, on: store), on: disk)
                if digest.hex != line[0] { return "GRUB: \(file) has digest \(digest), not \(line[0])" }
            }
            _ = try await kernelArguments(of: role, image)
            return nil
        } catch {
            return "GRUB: \(error)"
        }
    }

    /// The kernel arguments that GRUB adds.
    func kernelArguments(of role: Role, _ image: ImageID) async throws -> String {
        let block = try await bytes(of: "images/\(image)/kernel.env", on: places.store(of: role))
        guard let arguments = try EnvironmentBlock(parsing: block)["kernel_arguments"] else {
            throw MachineError("read kernel.env", "it has no kernel_arguments")
        }
        return arguments
    }

    private func bytes(of file: String, on partition: DiskEditor.Partition) async throws -> [UInt8] {
        try await run("cat", file, partition)
    }

    private func extents(of file: String, on partition: DiskEditor.Partition) async throws -> FileExtents {
        let text = String(decoding: try await run("blocklist", file, partition), as: UTF8.self)
        let list = text.filter { !$0.isWhitespace }
        guard !list.isEmpty, let extents = FileExtents(grubBlocklist: list, partition: partition.offset) else {
            throw MachineError("find \(file)", "grub-fstest says '\(text)'")
        }
        return extents
    }

    private func run(_ command: String, _ file: String, _ partition: DiskEditor.Partition) async throws -> [UInt8] {
        let path = "(loop0,gpt\(partition.number))/\(file)"
        let (status, output) = try HostCommand.outcome(of: "grub-fstest", [disk.path, command, path])
        guard status == 0 else { throw MachineError("\(command) \(path)", String(decoding: output, as: UTF8.self)) }
        return output
    }
}
