package import BootModel
package import DiskContract
import GrubEnvironment
import ImageFolders
package import ImageModel
package import JSONText
package import LinuxSystem
package import SystemPackage

/// The boot environment of a machine; `commit(_:)` is the only way to change it.
package protocol EnvironmentAccess: ~Copyable {
    /// Reads both copies.
    ///
    /// - Throws: when the boot partition cannot be read; a file that cannot is a problem of the copies instead.
    func readEnvironment() throws -> EnvironmentCopies
    /// Writes the first copy, one sector, and then the second, each where it is asked for.
    ///
    /// - Returns: why the second copy could not be written; nil when it was, or was not to be.
    /// - Throws: when the first copy could not be written, or nobody knows whether it was.
    mutating func writeEnvironment(_ bytes: [UInt8], first: Bool, second: Bool) throws -> String?
    /// Keeps others from the partitions as long as what it returns lives; waits for those who are at work.
    func lockPartitions() throws -> FileLock?
}

/// The partitions that hold images.
package protocol StoreAccess: ~Copyable {
    /// Makes a store writable and says where it is mounted; one that is writable already stays so.
    mutating func open(_ store: Store) throws -> FilePath
    /// Makes a store read-only again; one that is not writable is no error.
    mutating func close(_ store: Store) throws
    /// Hands over where a store is mounted, writable or not; mounts it for the moment when it is not.
    func read<Result>(_ store: Store, _ body: (FilePath) throws -> Result) throws -> Result
    /// Lists the images on a store, with what is wrong with each.
    func images(on store: Store) throws -> [StoredImage]
    /// Compares some files of an image with their digests; says of the first that is wrong what is, nil when none is.
    func fault(of files: [ImageFile], in image: ImageID, on store: Store) throws -> String?
}

/// What a machine writes down about its boots, and says about the one that runs.
package protocol RecordAccess: ~Copyable {
    /// Whether this process may mount and write.
    var isRoot: Bool { get }
    /// The kernel's command line.
    func commandLine() throws -> String
    /// The kernel's boot id.
    func bootID() throws -> String
    /// Seconds since 1970 by the machine's clock.
    func now() -> Int64
    /// Reads the ring of boot records on a store.
    func history(on store: Store) throws -> BootHistory
    /// Adds a record to the ring on a store, or replaces the one of the same boot.
    mutating func append(_ record: HistoryRecord, on store: Store) throws
    /// The nodes of partitions on other disks that have the identity of the boot partition.
    ///
    /// - Throws: when the boot disk or the list of disks cannot be read.
    func copiesOfBootDisk() throws -> [String]
    /// Reads the report of the initramfs stage; nil when there is none.
    func bootReport() throws -> JSONValue?
    /// Reads a file below `/run/lifeboot`; nil when it is not there.
    func runtimeFile(_ name: String) throws -> [UInt8]?
    /// Replaces a file below `/run/lifeboot` as a whole.
    mutating func writeRuntimeFile(_ name: String, _ bytes: [UInt8]) throws
}

/// A machine that was started by lifeboot; a fake stands in for it in tests.
///
/// Every method throws the error of the layer that failed; none decides what a failure means.
package typealias MachineAccess = EnvironmentAccess & RecordAccess & StoreAccess

extension StoreAccess where Self: ~Copyable {
    /// Lists the images on a store.
    package func images(on store: Store) throws -> [StoredImage] {
        try read(store) { try ImageInventory.images(in: $0, store, local: .inBootedSystem()) }
    }

    /// Compares some files of an image with their digests.
    package func fault(of files: [ImageFile], in image: ImageID, on store: Store) throws -> String? {
        try read(store) { root in
            let folder = try ImageFolder(ImageStore(root).directory(image), expected: image)
            for file in files {
                if let fault = try folder.fault(of: file, .digest) { return "\(fault)" }
            }
            return nil
        }
    }

    /// Lists the whole images of both stores for a rebuilding of the boot environment.
    ///
    /// - Returns: the images, and which store could not be read: its images cannot be booted either.
    package func wholeImages() -> (images: [StoredImage], problems: [String]) {
        var problems: [String] = []
        let images = Store.allCases.flatMap { store -> [StoredImage] in
            do { return try self.images(on: store).filter(\.isWhole) } catch {
                problems.append("the \(store) partition could not be read: \(error)")
                return []
            }
        }
        return (images, problems)
    }
}
