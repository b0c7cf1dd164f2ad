import Cryptography
import Foundation
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage
import Testing

@testable import ImageBuilding

/// Owns a folder with two small images and builds disks out of them.
struct DiskFixture: ~Copyable {
    /// An image directory.
    struct Image {
        var path: FilePath
        var id: ImageID
    }

    let folder: FilePath
    let active: Image
    let recovery: Image
    let sizes: DiskSizes
    let layout: DiskLayout

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "disk-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let folder = FilePath(url.path)
        let active = try Self.makeImage(in: folder, "active", sequence: 2)
        let recovery = try Self.makeImage(in: folder, "recovery", sequence: 1)
        var sizes = DiskSizes()
        (sizes.boot, sizes.oem, sizes.recovery) = (68 << 20, 16 << 20, 64 << 20)
        (sizes.state, sizes.persistent) = (96 << 20, 16 << 20)
        let layout = try DiskLayout(sizes)
        (self.folder, self.active, self.recovery, self.sizes, self.layout) = (folder, active, recovery, sizes, layout)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder.string)
    }

    /// Makes an image whose root has some files, by their paths.
    borrowing func makeImage(_ name: String, sequence: Int64, files: [String: [UInt8]] = [:]) throws -> Image {
        try Self.makeImage(in: folder, name, sequence: sequence, files: files)
    }

    private static func makeImage(
        in folder: FilePath, _ name: String, sequence: Int64, files: [String: [UInt8]] = [:]
    ) throws -> Image {
        let path = folder.appending(name)
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
        let contents: [ImageFile: [UInt8]] = [
            .root: try root(files, in: folder) + bytes(6 << 20, sequence), .kernel: bytes(100_001, sequence + 1),
            .initrd: bytes(500, sequence + 2),
            .signature: Array("signature\n".utf8), .chunks: [1, 2, 3],
        ]
        for (file, bytes) in contents { try write(bytes, to: path, file) }
        let file: (ImageFile) throws -> Manifest.File = { file in
            let bytes = contents[file] ?? []
            return .init(size: bytes.count, sha256: try SHA256Hasher.digest(of: bytes))
        }
        let root = try file(.root)
        let verity = VerityParameters(
            rootHash: [UInt8](repeating: 1, count: 32), salt: [], hashOffset: 4 << 20,
            uuid: "11111111-2222-4333-8444-555555555555")
        var manifest = Manifest(
            name: name, version: "1", sequence: sequence, createdAt: try #require(UTCTime(seconds: 1_700_000_000)),
            architecture: "x86_64", osRelease: [.init("ID", "debian")],
            root: .init(format: "squashfs", size: root.size, sha256: root.sha256, verity: verity),
            kernel: try file(.kernel), initrd: try file(.initrd))
        manifest.kernelArguments = ["console=ttyS0", "quiet"]
        let document = manifest.serialized()
        try write(document, to: path, .manifest)
        return Image(path: path, id: ImageID(manifestDigest: try SHA256Hasher.digest(of: document)))
    }

    /// A squashfs with some files; other bytes may follow it.
    private static func root(_ files: [String: [UInt8]], in folder: FilePath) throws -> [UInt8] {
        let (tree, image) = (folder.appending("tree"), folder.appending("tree.squashfs"))
        defer { for path in [tree, image] { try? FileManager.default.removeItem(atPath: path.string) } }
        try FileManager.default.createDirectory(atPath: tree.string, withIntermediateDirectories: true)
        for (path, bytes) in files {
            let place = tree.appending(path)
            try FileManager.default.createDirectory(
                atPath: place.removingLastComponent().string, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(filePath: place.string))
        }
        try ChildProcess.run(
            "mksquashfs",
            [tree.string, image.string, "-quiet", "-no-progress", "-all-time", "0", "-mkfs-time", "0", "-all-root"],
            output: .capture(atMost: 1 << 20), timeout: .seconds(60)
        ).requireSuccess()
        return Array(try Data(contentsOf: URL(filePath: image.string)))
    }

    private static func write(_ bytes: [UInt8], to folder: FilePath, _ file: ImageFile) throws {
        try Data(bytes).write(to: URL(filePath: folder.appending(file.rawValue).string))
    }

    /// Bytes in which every four kilobytes are others.
    private static func bytes(_ count: Int, _ seed: Int64) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xA5, count: count)
        for offset in stride(from: 0, to: count - 2, by: 4096) {
            bytes[offset] = UInt8(truncatingIfNeeded: seed)
            bytes[offset + 1] = UInt8(truncatingIfNeeded: offset >> 12)
            bytes[offset + 2] = UInt8(truncatingIfNeeded: offset >> 20)
        }
        return bytes
    }

    /// Builds a disk with a fixed time and identity.
    @discardableResult
    borrowing func build(_ name: String, _ change: (inout DiskRequest) throws -> Void = { _ in }) throws -> FilePath {
        let source = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent().removingLastComponent()
        var request = DiskRequest(
            image: active.path, recovery: recovery.path, output: folder.appending(name), format: .raw,
            time: 1_700_000_000, grubConfiguration: source.appending("grub/grub.cfg"))
        request.sizes = sizes
        request.identity = DiskIdentity(seed: "test")
        try change(&request)
        try DiskBuilder.build(request)
        return request.output
    }

    /// What a program left.
    struct Outcome {
        var status: Int32
        var data: Data
        /// Standard output as text, made only when asked for: bytes that are no text take long.
        var output: String { String(decoding: data, as: UTF8.self) }
    }

    /// Runs a program and returns its status and standard output.
    borrowing func run(_ program: String, _ arguments: [String]) throws -> Outcome {
        let outcome = try ChildProcess.run(
            "env", ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", program] + arguments,
            output: .capture(atMost: 1 << 30), timeout: .seconds(300))
        let status: Int32 = if case .exited(let status) = outcome.termination { status } else { -1 }
        return Outcome(status: status, data: Data(outcome.standardOutput))
    }
}
