import BootHealth
package import BootModel
package import DiskContract
import Faults
import Filesystems
import GrubEnvironment
import ImageFolders
package import ImageModel
package import InstalledSystem
import LinuxSystem
package import SystemPackage
package import TransactionPlanning

/// Finds out what an operation is planned from.
package enum MachineReading {
    /// The role and image that run.
    ///
    /// - Parameter command: the verb that asks, for the message.
    /// - Throws: `Refusal` when lifeboot has not started this machine.
    package static func running(_ command: String) throws -> (role: Role, image: ImageID) {
        let parameters = try Machine().requireOurs(command)
        guard let role = parameters.role, let image = parameters.image else { throw Refusal.notOurs(command) }
        return (role, image)
    }

    /// What is on a store; one that cannot be read is a fact too.
    package static func store(_ store: Store, _ machine: borrowing some StoreAccess & ~Copyable) -> StoreFacts {
        do { return try machine.read(store) { try self.store(at: $0, store) } } catch {
            return StoreFacts(free: 0, problem: "\(error)")
        }
    }

    /// What is on a store that is mounted.
    ///
    /// - Throws: `SystemError` when it cannot be read.
    package static func store(
        at root: FilePath, _ store: Store, keys: [FilePath] = SystemSeal().keyDirectories
    ) throws -> StoreFacts {
        let folder = ImageStore(root)
        let images = try ImageInventory.images(in: root, store, keys: keys, local: .inBootedSystem()).map { image in
            StoreFacts.Image(image, bytes: try bytes(in: folder.directory(image.id)))
        }
        let staging = try Folders.names(of: folder.images).filter { $0.hasPrefix(DiskFiles.stagingPrefix) }
        return StoreFacts(
            images: images,
            staging: try staging.map { StoreFacts.Staging($0, bytes: try bytes(in: folder.images.appending($0))) },
            free: try FreeSpace.bytes(at: root))
    }

    /// Bytes that the files in a folder and in those below it take, which space reserved for a file in the making is part of.
    private static func bytes(in folder: FilePath) throws -> Int {
        var sum = 0
        for name in try Folders.names(of: folder) {
            let path = folder.appending(name)
            guard let status = try FileStatus.of(path, followingLinks: false) else { continue }
            let size =
                status.kind == .directory ? try bytes(in: path) : Int(clamping: max(0, status.size, status.allocated))
            let (next, overflow) = sum.addingReportingOverflow(size)
            sum = overflow ? .max : next
        }
        return sum
    }

    /// The machine's id (machine-id(5)).
    ///
    /// - Throws: `SystemError` when it cannot be read; then nobody knows which share of a rollout this machine has.
    package static func machineID() throws -> String {
        let bytes = try FileBytes.read("/etc/machine-id", limit: 4096)
        return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    }
}

/// The partitions and the boot environment as an operation uses them; a fake stands in for it in tests.
package protocol OperationMachine: EnvironmentAccess, StoreAccess, ~Copyable {
    /// Hands over the root folder of the image whose files are in a folder, mounted with what programs in it need.
    func root<Result>(of folder: FilePath, _ body: (FilePath) throws -> Result) throws -> Result
    /// Seconds since 1970 by the machine's clock.
    func now() -> Int64
    /// The kernel's boot id.
    func bootID() throws -> String
    /// Adds a record to the ring on a store that is not open.
    mutating func append(_ record: HistoryRecord, on store: Store) throws
}

extension OperationMachine where Self: ~Copyable {
    /// Hands over the root folder of an image; see `ImageChroot`.
    package func root<Result>(of folder: FilePath, _ body: (FilePath) throws -> Result) throws -> Result {
        try ImageChroot.with(folder, body)
    }

    /// Writes into the history what an operation has changed, on the state partition, else on recovery's.
    ///
    /// - Throws: the error of the recovery partition when neither can be written.
    mutating func note(_ note: HistoryNote, _ image: ImageID) throws {
        let record = HistoryRecord.operation(
            OperationRecord(
                note.kind, note.role, image: image, former: note.former, title: note.title, bootID: try bootID(),
                time: now()))
        // A record is written through a mount that is writable for that moment only.
        for store in Store.allCases { try close(store) }
        do { try append(record, on: .state) } catch { try append(record, on: .recovery) }
    }

    /// Makes both stores read-only again; returns what failed, a line each.
    mutating func closeAll() -> [String] {
        var failures: [String] = []
        for store in Store.allCases.reversed() {
            do { try close(store) } catch { failures.append("closing the \(store) partition: \(error)") }
        }
        return failures
    }
}

extension Machine: OperationMachine {}
