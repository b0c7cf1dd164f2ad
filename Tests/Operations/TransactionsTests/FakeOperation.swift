import BootModel
import Cryptography
import DiskContract
import Foundation
import GrubEnvironment
import ImageFolders
import ImageModel
import ImageSources
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
        var records: [HistoryRecord] = []

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
    func bootID() throws -> String { "boot-now" }

    mutating func append(_ record: HistoryRecord, on store: Store) throws {
        try faults.call("history on \(store)") { self.store.records.append(record) }
    }
}

/// Writes an image file by file, with a fault where it is asked for.
///
/// One that this machine has to sign brings a signature that does not count.
struct FakeSupplier: ImageSupplier, ~Copyable {
    let traffic = Traffic()
    let signature: BootSignature
    let image: FakeImage
    let faults: FaultPlan

    mutating func stage(
        in folder: FilePath, locals: [FilePath], progress: @escaping (TransferProgress) throws -> Void
    ) throws -> (image: DeployableImage, notes: [String]) {
        for parts in 1...4 {
            try progress(TransferProgress("writing", done: parts, total: 4))
            try faults.call("part \(parts)") { try image.write(folder, parts: parts) }
        }
        if signature == .thisMachine {
            let path = folder.appending("manifest.sig").string
            try Data("by nobody who is trusted\n".utf8).write(to: URL(fileURLWithPath: path))
        }
        return (DeployableImage(id: image.id, manifest: image.manifest, directory: folder), [])
    }
}

extension FakeImage {
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
