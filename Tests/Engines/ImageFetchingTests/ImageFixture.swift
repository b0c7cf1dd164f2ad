import Cryptography
import Foundation
import ImageModel
import LinuxSystem
import RegistryModel
import SeededNumbers
import SystemPackage
import Testing
import Verity

@testable import ImageFetching

/// Owns a folder for one test.
struct TestFolder: ~Copyable {
    let path: FilePath

    init() throws {
        path = FilePath(NSTemporaryDirectory()).appending("lifeboot-fetch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }
}

/// The files of a small but complete image: random data with a real hash tree.
struct ImageFixture: Sendable {
    var files: [ImageFile: [UInt8]] = [:]
    var manifest: Manifest
    /// Parts of patches.
    var parts: [[UInt8]] = []
    /// Bytes that a source gives for a digest that is not theirs.
    var lies: [Digest: [UInt8]] = [:]

    /// A part of a patch, the digest of the root file that it is for, and the bytes that need not be fetched.
    typealias Patch = (base: Digest, covers: Int, bytes: [UInt8])

    /// The image's id.
    var id: ImageID {
        get throws { ImageID(manifestDigest: try SHA256Hasher.digest(of: files[.manifest] ?? [])) }
    }

    /// Makes an image of root data, whose size is a multiple of 4,096 bytes.
    init(
        data: [UInt8], kernel: UInt64 = 1, initrd: UInt64 = 2, hasIndex: Bool = true, hasOddTree: Bool = false,
        name: String = "test", places: [Int] = [], patches: (ChunkIndex) throws -> [Patch] = { _ in [] }
    ) throws {
        let folder = try TestFolder()
        let path = folder.path.appending("root")
        try Data(data).write(to: URL(fileURLWithPath: path.string))
        let verity = try VerityFormat.append(
            to: path, size: data.count, salt: [1, 2, 3], uuid: "11111111-2222-3333-4444-555555555555")
        var root = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path.string)))
        // Nobody reads this byte behind the superblock, but no tree that is made anew has it.
        if hasOddTree {
            root[data.count + 3_000] = 7
            try Data(root).write(to: URL(fileURLWithPath: path.string))
        }
        let parameters = try #require(BlockChunker.parameters(blockSize: 128 << 10))
        var index = try ChunkScan.index(of: path, parameters, places: places + [data.count])
        index.digest = try SHA256Hasher.digest(of: root)
        var kernelBytes = SeededGenerator(seed: kernel)
        var initrdBytes = SeededGenerator(seed: initrd)
        files[.root] = root
        files[.kernel] = kernelBytes.bytes(150_000)
        files[.initrd] = initrdBytes.bytes(2_500_000)
        files[.chunks] = index.serialized()
        files[.signature] = Array("signature".utf8)
        manifest = Manifest(
            name: name, version: "1", sequence: 1, createdAt: try #require(UTCTime(seconds: 0)), architecture: "amd64",
            osRelease: [],
            root: Manifest.Root(format: "squashfs", size: root.count, sha256: index.digest, verity: verity),
            kernel: try Self.file(files[.kernel]), initrd: try Self.file(files[.initrd]))
        manifest.chunks = hasIndex ? try Self.file(files[.chunks]) : nil
        if !hasIndex { files[.chunks] = nil }
        for patch in try patches(index) {
            manifest.patches.append(
                Manifest.Patch(
                    base: patch.base, first: 0, last: index.chunks.count - 1, covers: patch.covers,
                    file: try Self.file(patch.bytes)))
            parts.append(patch.bytes)
        }
        files[.manifest] = manifest.serialized()
    }

    private static func file(_ bytes: [UInt8]?) throws -> Manifest.File {
        let bytes = try #require(bytes)
        return Manifest.File(size: bytes.count, sha256: try SHA256Hasher.digest(of: bytes))
    }

    /// Size of all files in bytes.
    var size: Int { files.values.reduce(0) { $0 + $1.count } }
    /// Size of the documents and the index in bytes.
    var smallSize: Int { [.manifest, .signature, .chunks].reduce(0) { $0 + (files[$1]?.count ?? 0) } }

    /// Size of the hash tree, which is not transferred.
    var treeSize: Int { manifest.root.size - manifest.root.verity.hashOffset }

    /// Adds the image to a source.
    func publish(in source: inout FakeBlobSource) throws -> ImageArtifact {
        var layers: [Descriptor] = []
        for (file, bytes) in files.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where file != .manifest {
            var layer = try source.add(bytes)
            layer.annotations[MediaType.title] = file.rawValue
            layers.append(layer)
        }
        for part in parts { layers.append(try source.add(part)) }
        for (digest, bytes) in lies { source.blobs[digest] = bytes }
        let config = try source.add(try #require(files[.manifest]), MediaType.imageConfig)
        let bytes = ImageManifest(artifactType: MediaType.image, config: config, layers: layers).serialized()
        let digest = try SHA256Hasher.digest(of: bytes)
        return try ImageArtifact(ManifestDocument(mediaType: MediaType.manifest, bytes: bytes, digest: digest))
    }

    /// Writes the image as an image directory.
    func write(to folder: FilePath) throws {
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        for (file, bytes) in files {
            try Data(bytes).write(to: URL(fileURLWithPath: folder.appending(file.rawValue).string))
        }
    }

    /// Checks that a folder holds exactly this image.
    func expectWhole(in folder: FilePath, sourceLocation: SourceLocation = #_sourceLocation) throws {
        for (file, bytes) in files {
            let found = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.appending(file.rawValue).string)))
            #expect(found == bytes, "\(file.rawValue)", sourceLocation: sourceLocation)
        }
        let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder.string))
        let expected = Set(files.keys.map(\.rawValue) + ["kernel.env", "boot.sha256"])
        #expect(names == expected, sourceLocation: sourceLocation)
    }
}

extension ImageFixture {
    /// Root data of a first image.
    static let data: [UInt8] = {
        var generator = SeededGenerator(seed: 7)
        return generator.bytes(6 << 20)
    }()

    /// The same with an insertion, a change and a removal.
    static let changedData: [UInt8] = {
        var generator = SeededGenerator(seed: 8)
        var bytes = data
        bytes.replaceSubrange((5 << 20)..<((5 << 20) + 40_000), with: generator.bytes(30_000))
        bytes.replaceSubrange((2 << 20)..<((2 << 20) + 100_000), with: generator.bytes(100_000))
        bytes.insert(contentsOf: generator.bytes(1_000), at: 700_000)
        return bytes + generator.bytes(4096 - bytes.count % 4096)
    }()

    /// An image that is installed.
    static let installed = Result { try ImageFixture(data: data) }
    /// One that is to replace it: a tenth of the root and the initramfs are different.
    static let update = Result { try ImageFixture(data: changedData, initrd: 3) }
    /// One that has nothing in common with it.
    static let foreign = Result {
        var generator = SeededGenerator(seed: 55)
        return try ImageFixture(data: generator.bytes(3 << 20), kernel: 5, initrd: 6)
    }
    /// One with a tree that a machine does not make like that.
    static let odd = Result { try ImageFixture(data: changedData, initrd: 3, hasOddTree: true) }
    /// One without a chunk index.
    static let plain = Result { try ImageFixture(data: changedData, initrd: 3, hasIndex: false) }
}
