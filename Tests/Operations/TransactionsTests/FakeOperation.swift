import Cryptography
import DiskContract
import Foundation
import GrubEnvironment
import ImageFolders
import ImageModel
import InstalledSystem
import LinuxSystem
import RegistryModel
import ReleaseModel
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning
import Transactions
import Verity

/// Says why the fake refuses.
struct FakeFault: Error, CustomStringConvertible {
    let description: String
}

/// Counts calls and makes one of them fail, before or after it has done its work.
final class FaultPlan {
    var calls: [String] = []
    var failing: Int?
    var isAfter = false

    func call<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
        calls.append(name)
        let isDue = failing == calls.count
        if isDue, !isAfter { throw FakeFault(description: "\(name): input/output error") }
        let result = try body()
        if isDue { throw FakeFault(description: "\(name): input/output error after the fact") }
        return result
    }
}

/// Two partitions that are folders, and a boot environment in memory.
struct FakeOperationMachine: OperationMachine, ~Copyable {
    let root: FilePath
    let faults: FaultPlan
    let store: FakeEnvironment

    /// The boot environment, which outlives the operation.
    final class FakeEnvironment {
        var current: BootEnvironment
        var history: [BootEnvironment] = []

        init(_ environment: BootEnvironment) { current = environment }
    }

    func path(_ place: Store) -> FilePath { root.appending("\(place)") }

    mutating func open(_ place: Store) throws -> FilePath {
        try faults.call("open \(place)") { path(place) }
    }

    mutating func close(_ place: Store) throws {}

    func read<Result>(_ place: Store, _ body: (FilePath) throws -> Result) throws -> Result {
        try body(path(place))
    }

    func root<Result>(of folder: FilePath, _ body: (FilePath) throws -> Result) throws -> Result {
        try faults.call("chroot") { try body(root.appending("chroot")) }
    }

    func readEnvironment() throws -> EnvironmentCopies {
        try faults.call("read") {
            EnvironmentCopies(primary: store.current.serialized(), backup: store.current.serialized())
        }
    }

    mutating func writeEnvironment(_ bytes: [UInt8], first: Bool, second: Bool) throws -> String? {
        let environment = try BootEnvironment.read(bytes).environment
        try faults.call("write") {
            store.current = environment
            store.history.append(environment)
        }
        return nil
    }

    func lockPartitions() throws -> FileLock? { nil }

    func now() -> Int64 { 1_790_000_000 }
}

/// An image of three small files whose digests are right.
struct FakeImage {
    let manifest: Manifest
    let bytes: [UInt8]
    let id: ImageID

    init(_ digit: Character) throws {
        let content = Array(String(repeating: digit, count: 4096).utf8)
        let digest = try SHA256Hasher.digest(of: content)
        let file = Manifest.File(size: content.count, sha256: digest)
        let (root, verity) = try Self.root(content)
        manifest = Manifest(
            name: "demo", version: "\(digit).0", sequence: Int64(digit.hexDigitValue ?? 0),
            createdAt: try #require(UTCTime(seconds: 1_780_000_000)), architecture: "amd64", osRelease: [],
            root: .init(
                format: "squashfs", size: root.count, sha256: try SHA256Hasher.digest(of: root), verity: verity),
            kernel: file, initrd: file)
        bytes = manifest.serialized()
        id = ImageID(manifestDigest: try SHA256Hasher.digest(of: bytes))
        self.content = content
        self.root = root
    }

    /// Images 1, 2 and 3, made once.
    static let all = Result { try ["1", "2", "3"].map { try FakeImage($0) } }

    private let content: [UInt8]
    private let root: [UInt8]

    /// One block of data with a real hash tree behind it.
    private static func root(_ content: [UInt8]) throws -> ([UInt8], VerityParameters) {
        let folder = try TestFolder()
        try folder.write(String(decoding: content, as: UTF8.self), to: "root")
        let path = folder.path.appending("root")
        let verity = try VerityFormat.append(
            to: path, size: content.count, salt: [1], uuid: "11111111-2222-3333-4444-555555555555")
        return (Array(try Data(contentsOf: URL(fileURLWithPath: path.string))), verity)
    }

    func write(_ folder: FilePath, parts: Int = 4) throws {
        let url = URL(fileURLWithPath: folder.string)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let files: [(String, [UInt8])] = [
            ("vmlinuz", content), ("initrd.img", content), ("root.squashfs", root), ("manifest.json", bytes),
        ]
        for (name, bytes) in files.prefix(parts) { try Data(bytes).write(to: url.appendingPathComponent(name)) }
    }

    /// Whether every file is there and right.
    func isWhole(in store: FilePath) throws -> Bool {
        let folder = ImageStore(store).directory(id)
        guard FileManager.default.fileExists(atPath: folder.string) else { return false }
        return try ImageFolder.fault(of: id, in: folder) == nil
    }

    var candidate: ImageCandidate {
        ImageCandidate(
            reference: "oci://r.example/os", digest: manifest.kernel.sha256, kind: .artifact, id: id, name: "demo",
            version: manifest.version, sequence: manifest.sequence, architecture: "amd64", trust: .signed("k"),
            bytes: 16_384)
    }

    func fact() -> StoreFacts.Image {
        StoreFacts.Image(id, bytes: 16_384, version: manifest.version, sequence: manifest.sequence)
    }
}

/// Writes an image file by file, with a fault where it is asked for.
///
/// One that this machine has to sign brings a signature that does not count.
struct FakeSupplier: ImageSupplier, ~Copyable {
    let traffic = Traffic()
    let needsLocalSignature: Bool
    let image: FakeImage
    let faults: FaultPlan

    mutating func stage(
        in folder: FilePath, locals: [FilePath], progress: StepProgress
    ) throws -> (image: DeployableImage, notes: [String]) {
        for parts in 1...4 {
            try progress.report(TransferProgress("writing", done: parts, total: 4))
            try faults.call("part \(parts)") { try image.write(folder, parts: parts) }
        }
        if needsLocalSignature {
            let path = folder.appending("manifest.sig").string
            try Data("by nobody who is trusted\n".utf8).write(to: URL(fileURLWithPath: path))
        }
        return (DeployableImage(id: image.id, manifest: image.manifest, directory: folder), [])
    }
}
