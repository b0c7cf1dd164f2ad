import Foundation
import GrubEnvironment
import ImageModel

/// The ext4 file systems, by debugfs.
extension DiskEditor {
    /// Runs one request of debugfs on a partition and returns what it printed.
    ///
    /// debugfs ends with 0 whatever happens, so a complaint is looked for in what it prints.
    @discardableResult
    func debugfs(_ request: String, on name: String, writing: Bool = false) async throws -> String {
        try await debugfs(["-R", request], on: name, writing: writing)
    }

    private func debugfs(_ requests: [String], on name: String, writing: Bool) async throws -> String {
        let partition = try await partition(name)
        let device = "\(path)?offset=\(partition.offset)"
        let output = try await HostCommand.run("debugfs", (writing ? ["-w"] : []) + requests + [device])
        let lines = output.split(separator: "\n").filter { !$0.hasPrefix("debugfs 1.") }
        let signs = ["File not found", "while ", "Usage:", "ext2_lookup"]
        if let complaint = lines.first(where: { line in signs.contains { line.contains($0) } }) {
            throw MachineError("change partition \(name) by '\(requests[1])'", String(complaint))
        }
        return lines.joined(separator: "\n")
    }

    /// Makes many files of an ext4 partition that are not there yet, by one debugfs.
    func addFiles(_ files: [(path: String, text: String)], to name: String) async throws {
        try await withScratchDirectory { directory in
            var requests = ""
            for (index, file) in files.enumerated() {
                try file.text.write(toFile: "\(directory)/\(index)", atomically: false, encoding: .utf8)
                requests += "write \(directory)/\(index) \(file.path)\n"
            }
            try requests.write(toFile: "\(directory)/requests", atomically: false, encoding: .utf8)
            _ = try await debugfs(["-f", "\(directory)/requests"], on: name, writing: true)
        }
    }

    /// Reads a file of an ext4 partition.
    func file(_ file: String, on name: String) async throws -> [UInt8] {
        try await withScratchDirectory { directory in
            try await debugfs("dump \(file) \(directory)/file", on: name)
            return Array(FileManager.default.contents(atPath: "\(directory)/file") ?? Data())
        }
    }

    /// Replaces a file of an ext4 partition, or makes it.
    func setFile(_ file: String, on name: String, to bytes: [UInt8]) async throws {
        try await withScratchDirectory { directory in
            _ = FileManager.default.createFile(atPath: "\(directory)/file", contents: Data(bytes))
            _ = try? await removeFile(file, on: name)
            try await debugfs("write \(directory)/file \(file)", on: name, writing: true)
        }
    }

    /// Removes a file of an ext4 partition.
    func removeFile(_ file: String, on name: String) async throws {
        try await debugfs("rm \(file)", on: name, writing: true)
    }

    /// Cuts a file of an ext4 partition short, to `count` bytes.
    func truncateFile(_ file: String, on name: String, to count: Int) async throws {
        let bytes = try await self.file(file, on: name)
        try await setFile(file, on: name, to: Array(bytes.prefix(count)))
    }

    /// Fills an ext4 partition with a file `/filling`, up to less than four blocks.
    func fill(_ name: String) async throws {
        let text = try await debugfs("stats -h", on: name)
        let line = text.split(separator: "\n").first { $0.hasPrefix("Free blocks:") }
        guard let free = line?.split(separator: " ").last.flatMap({ Int($0) }), free > 3 else {
            throw MachineError("fill partition \(name)", "debugfs does not say how much is free: \(text)")
        }
        // No zeros: debugfs makes holes of them.
        try await setFile("/filling", on: name, to: [UInt8](repeating: 0x2E, count: (free - 3) * 4_096))
    }

    /// Turns all bits around of the 4,096 bytes in which byte `position` of a file lies, in place.
    func damageBlock(of file: String, on name: String, at position: UInt64) async throws {
        let block = try await debugfs("bmap \(file) \(position / 4_096)", on: name)
        guard let number = UInt64(block.trimmingCharacters(in: .whitespacesAndNewlines)), number > 0 else {
            throw MachineError("damage \(file)", "byte \(position) has no block: '\(block)'")
        }
        let offset = try await partition(name).offset + number * 4_096
        try write(try bytes(at: offset, count: 4_096).map { ~$0 }, at: offset)
    }

    /// The directory of the image that has `role`, in its partition.
    func imageDirectory(of role: Role) async throws -> (partition: String, path: String) {
        guard let image = try await bootEnvironment().image(of: role) else {
            throw MachineError("find the \(role.rawValue) image", "the boot environment names none")
        }
        return (role == .recovery ? "recovery" : "state", "/images/\(image)")
    }
}
