import BootModel
import BootPlanning
import DiskContract
import Foundation
import GrubEnvironment
import ImageFolders
import ImageModel
import Plans
import SystemPackage

/// The disk as the agent sees it after it has mounted state or recovery: its own facts, plan and checks.
struct AgentView {
    /// The partition.
    let disk: ReplayedDisk
    let digests: DigestCache
    /// Where the trusted keys lie.
    let keys: FilePath
    /// Stands for where the partition is mounted; the small files of all images are below it.
    let mounted: FilePath
    /// Size and places of each file, by image and name.
    private var files: [String: [String: (size: UInt64, extents: FileExtents?)]] = [:]

    /// Looks at all images on an ext4 partition whose journal was carried out.
    init(of disk: ReplayedDisk, digests: DigestCache, keys: FilePath, in directory: String) async throws {
        self.disk = disk
        self.digests = digests
        self.keys = keys
        mounted = FilePath(directory)
        try? FileManager.default.removeItem(atPath: directory)
        try await copyMachineKey()
        for image in try await list("/images").map(\.name) where ImageID(image) != nil {
            try await look(at: image)
        }
    }

    /// Says why the agent would refuse what GRUB started, or what of the image is not whole; nil when all is well.
    ///
    /// `commandLine` is the one of GRUB.
    func problem(of commandLine: String) -> String? {
        do {
            let parameters = BootParameters(KernelCommandLine(parsing: commandLine))
            for step in try BootPlan.root(RootFacts(parameters: parameters)).steps {
                if case .verifyManifest(let directory, let image, let policy) = step.action {
                    let place = mounted.appending("images").appending(directory.lastComponent?.string ?? "-")
                    guard policy == .enforce else { return "the agent: the plan does not verify" }
                    let manifest = try ImageVerification.manifest(
                        in: place, expected: image, keys: [keys], local: .allow)
                    return try problem(of: manifest, image)
                }
            }
            return "the agent: the plan verifies nothing"
        } catch {
            return "the agent: \(error)"
        }
    }

    /// Compares every file with the manifest.
    private func problem(of manifest: Manifest, _ image: ImageID) throws -> String? {
        let root = Manifest.File(size: manifest.root.size, sha256: manifest.root.sha256)
        var expected = [(ImageFile.root, root), (.kernel, manifest.kernel), (.initrd, manifest.initrd)]
        if let chunks = manifest.chunks { expected.append((.chunks, chunks)) }
        for (file, wanted) in expected {
            guard let found = files[image.description]?[file.rawValue], let extents = found.extents else {
                return "the agent: \(image)/\(file.rawValue) is not there"
            }
            guard Int(found.size) == wanted.size else {
                return "the agent: \(image)/\(file.rawValue) has \(found.size) bytes, not \(wanted.size)"
            }
            let digest = try digests.digest(of: extents, on: disk)
            if digest != wanted.sha256 { return "the agent: \(image)/\(file.rawValue) has digest \(digest)" }
        }
        return nil
    }

    /// Copies the small files of an image and finds the places of all.
    private mutating func look(at image: String) async throws {
        let directory = mounted.appending("images").appending(image).string
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let listed = try await list("/images/\(image)")
        let small = listed.filter { $0.size <= 256 * 1024 }
        let dumps = small.map { "dump /images/\(image)/\($0.name) \(directory)/\($0.name)" }
        let output = try await debugfs(dumps + listed.map { "dump_extents /images/\(image)/\($0.name)" })
        for file in listed where !small.contains(where: { $0.name == file.name }) {
            _ = FileManager.default.createFile(atPath: "\(directory)/\(file.name)", contents: nil)
        }
        for (file, answer) in zip(listed, Self.answers(in: output).suffix(listed.count)) {
            let extents = FileExtents(dumpedExtents: answer, size: file.size)
            files[image, default: [:]][file.name] = (file.size, extents)
        }
    }

    /// Copies the key with which this machine signed images, if it ever did.
    private func copyMachineKey() async throws {
        let key = mounted.appending(DiskFiles.machineKey.components)
        let directory = key.removingLastComponent().string
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let inPartition = "/" + DiskFiles.machineKey.components.map(\.string).joined(separator: "/")
        guard try await list("/lifeboot").contains(where: { $0.name == key.lastComponent?.string }) else { return }
        _ = try await debugfs(["dump \(inPartition) \(key)"])
    }

    private func list(_ directory: String) async throws -> [(name: String, size: UInt64)] {
        try await debugfs(["ls -p \(directory)"]).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 8, ![".", ".."].contains(fields[5]) else { return nil }
            return (fields[5], UInt64(fields[6]) ?? 0)
        }
    }

    /// Runs requests of debugfs; each is printed before its answer.
    private func debugfs(_ requests: [String]) async throws -> String {
        try await withScratchDirectory { directory in
            let text = requests.joined(separator: "\n") + "\n"
            try text.write(toFile: "\(directory)/requests", atomically: false, encoding: .utf8)
            return try HostCommand.finish("debugfs", ["-f", "\(directory)/requests", disk.path])
        }
    }

    /// The lines after each request.
    private static func answers(in output: String) -> [[Substring]] {
        var answers: [[Substring]] = []
        for line in output.split(separator: "\n") {
            if line.hasPrefix("debugfs: ") {
                answers.append([])
            } else if let last = answers.indices.last {
                answers[last].append(line)
            }
        }
        return answers
    }
}
