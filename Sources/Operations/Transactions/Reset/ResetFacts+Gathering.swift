import BlockDevices
package import BootModel
import BootPlanning
import DiskContract
import GrubEnvironment
import ImageModel
package import InstalledSystem
import LinuxSystem
package import SystemPackage
package import TransactionPlanning

extension ResetFacts {
    /// Gathers what a reset is planned from; nothing is written.
    ///
    /// - Parameters:
    ///   - image: the image to deploy.
    ///   - isKeyGiven: whether a key file or passphrase was given.
    /// - Throws: `Refusal` when `boot.env` cannot be used; `BlockDeviceError` when a partition is not there. A state
    ///   partition that cannot be read is a fact: it will be mended.
    package init(
        of disk: BootDisk, _ parameters: BootParameters, image: PlannedImage, isKeyGiven: Bool
    ) throws {
        let environment = try EnvironmentStore(device: disk.boot.path).environment()
        let persistent = PersistentFacts(
            isEncrypted: try disk.partition(.persistent).filesystemType == "crypto_LUKS",
            hasStoredKey: try FileStatus.of(MachinePaths.persistentKey) != nil)
        self.init(role: parameters.role, environment: environment, persistent: persistent, image: image)
        self.isKeyGiven = isKeyGiven
        record = try Self.record(parameters)
        do { try readState(disk) } catch { free = nil }
    }

    /// The record lies beside the image that runs; only recovery needs it.
    private static func record(_ parameters: BootParameters) throws -> ResetRecord? {
        guard parameters.role == .recovery else { return nil }
        let path = MachinePaths.recovery.appending(ResetRecord.file.components)
        return try FileBytes.readIfPresent(path, limit: ResetRecord.limit).flatMap { ResetRecord(parsing: $0) }
    }

    private mutating func readState(_ disk: BootDisk) throws {
        take(try Machine(disk: disk).read(.state) { try MachineReading.store(at: $0, .state) })
    }

    /// Takes from a state partition that is mounted which images it holds and what room it has.
    ///
    /// - Throws: `SystemError` when it cannot be read.
    package mutating func readImages(at root: FilePath) throws { take(try MachineReading.store(at: root, .state)) }

    private mutating func take(_ store: StoreFacts) {
        let own = store.image(image.id)
        isDeployed = own?.isWhole ?? false
        otherImages = store.images.map(\.id).filter { $0 != image.id }
        // The deployment reuses or removes these before it needs room: they are reserved in full from the start.
        let ours = store.staging.map(\.bytes) + (isDeployed ? [] : [own?.bytes ?? 0])
        free = Self.sum([store.free] + ours)
    }

    private static func sum(_ numbers: [Int]) -> Int64 {
        numbers.reduce(Int64(0)) { sum, number in
            let (result, overflow) = sum.addingReportingOverflow(Int64(max(0, number)))
            return overflow ? .max : result
        }
    }
}
