import BlockDevices
import BootModel
import BootPlanning
import GrubEnvironment
import ImageModel
import LinuxSystem
import SystemPackage
import Verity

/// From the image partition to the mounted root.
extension LiveBootEffects {
    mutating func verifyManifest(
        _ directory: FilePath, _ id: ImageID, _ policy: VerityPolicy
    ) throws -> StepResult {
        manifest = try ImageVerification.manifest(in: directory, expected: id, policy: policy)
        return StepResult(note: policy == .off ? "lifeboot.verity=off: the image runs unverified" : nil)
    }

    mutating func attachImage(_ file: FilePath) throws -> StepResult {
        let device = try LoopDevice.attach(file, readOnly: true, direct: true, autoclear: true)
        let path = device.path
        let note = device.isDirect ? nil : "no direct I/O on this file system: data is cached twice"
        loop = consume device
        rootDevice = path
        return StepResult(note: note, undo: [.detachLoop(path)])
    }

    mutating func activateVerity(_ name: String) throws -> StepResult {
        guard let rootDevice, let manifest else { throw EffectError.order("activate-verity") }
        self.rootDevice = try VerityMapping.activate(name, over: rootDevice, manifest.root.verity)
        return StepResult(undo: [.deactivateVerity(name)])
    }

    /// From now on the mount, or dm-verity, keeps the loop device; its handle ends with this process.
    mutating func mountRoot(_ target: FilePath, _ filesystem: String?, _ options: [String]) throws -> StepResult {
        guard let rootDevice else { throw EffectError.order("mount-root") }
        let type = try filesystem ?? BlockDevice.probe(rootDevice).requiredFilesystem
        try Folders.make(target)
        try Mount.attach(source: rootDevice.string, target: target, filesystem: type, options: options)
        return StepResult(undo: [.unmount(target)])
    }

    /// Repairs a damaged environment at once: until that is done GRUB counts nothing, and a broken image would be
    /// started for ever.
    mutating func checkBootEnvironment(_ role: Role, _ image: ImageID?) throws -> StepResult {
        guard let bootPartition else { throw EffectError.order("check-boot-environment") }
        let kernelLog = kernelLog
        let store = EnvironmentStore(device: bootPartition.path)
        let copies = try store.read()
        let finder = DeviceFinder(bootPartition: bootPartition)
        let running = image.map { (role: role, image: $0) }
        let repair = try EnvironmentRepair.decide(copies, running: running) {
            try finder.images(runningIn: role, log: kernelLog)
        }
        guard let repair else { return StepResult(note: countingNote(role, copies.primary)) }
        try store.write(repair.environment, rolesChanged: true)
        return StepResult(note: "boot.env was repaired: \(repair.problems.joined(separator: "; "))")
    }

    /// GRUB says how many attempts it left; the block says whether it could save that.
    private func countingNote(_ role: Role, _ bytes: [UInt8]?) -> String? {
        guard let left = parameters.triesLeft, let bytes, let reading = try? BootEnvironment.read(bytes) else {
            return nil
        }
        let saved = reading.environment.tries(of: role)
        guard saved != left else { return nil }
        return "GRUB could not save boot.env (\(saved) attempts stored, \(left) expected): attempts are not counted"
    }
}
