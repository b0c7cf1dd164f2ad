import BlockDevices
import BootModel
import BootPlanning
import DiskContract
import GrubEnvironment
import ImageFolders
import ImageModel
import InstalledSystem
import LinuxSystem
import Plans
import SystemPackage
import Verity

/// From the image partition to the mounted root.
extension LiveBootEffects {
    mutating func verifyManifest(
        _ directory: FilePath, _ id: ImageID, _ policy: VerityPolicy
    ) throws -> StepResult<UndoAction> {
        if policy == .off {
            found.manifest.set(try ImageFolder(directory, expected: id).manifest)
            return StepResult(note: "lifeboot.verity=off: the image runs unverified")
        }
        var remarks: [String] = []
        // A medium could bring a key of its own.
        let local = parameters.isLive ? LocalImagePolicy.refuse : .inInitramfs()
        found.manifest.set(
            try ImageVerification.manifest(in: directory, expected: id, local: local) { remarks.append($0) })
        for remark in remarks { kernelLog.write(remark, level: .warning) }
        return StepResult(note: remarks.isEmpty ? nil : remarks.joined(separator: "; "))
    }

    /// Compares the command line of the kernel with what was signed.
    func checkArguments() throws -> StepResult<UndoAction> {
        let line = KernelCommandLine(parsing: try Procfs.commandLine())
        let foreign = SealedArguments.foreign(in: line, signed: try found.manifest.get().kernelArguments)
        guard foreign.isEmpty else { throw EffectError.foreignArguments(foreign) }
        return StepResult()
    }

    mutating func attachImage(_ file: FilePath) throws -> StepResult<UndoAction> {
        try checkUnpacked(file)
        let device = try LoopDevice.attach(file, readOnly: true, direct: true, autoclear: true)
        let path = device.path
        let note = device.isDirect ? nil : "no direct I/O on this file system: data is cached twice"
        loop = consume device
        found.attachedImage.set(path)
        return StepResult(note: note, undo: [.detachLoop(path)])
    }

    /// A kernel whose memory ends while it unpacks an initramfs goes on; the last file has its length, and lacks what is missing
    /// (Linux, init/initramfs.c, `do_name`).
    private func checkUnpacked(_ file: FilePath) throws {
        // What came with the initramfs was found on no medium.
        guard parameters.isLive, found.medium.ifGiven == nil,
            let whole = (try found.manifest.get().file(.root)?.size).map(Int64.init),
            case let size = try FileStatus.of(file)?.allocated ?? 0, size < whole
        else { return }
        throw EffectError.notUnpacked(file, size, of: whole)
    }

    mutating func activateVerity(_ name: String) throws -> StepResult<UndoAction> {
        let (image, manifest) = (try found.attachedImage.get(), try found.manifest.get())
        found.verifiedImage.set(try VerityMapping.activate(name, over: image, manifest.root.verity))
        return StepResult(undo: [.deactivateVerity(name)])
    }

    /// From now on the mount, or dm-verity, keeps the loop device; its handle ends with this process.
    func mountRoot(
        _ image: RootImage, _ target: FilePath, _ filesystem: String?, _ options: [String]
    ) throws -> StepResult<UndoAction> {
        let device = try image == .verified ? found.verifiedImage.get() : found.attachedImage.get()
        let type = try filesystem ?? BlockDevice.probe(device).requiredFilesystem
        try Folders.make(target)
        try Mount.attach(source: device.string, target: target, filesystem: type, options: options)
        return StepResult(note: try containerNote(target), undo: [.unmount(target)])
    }

    /// Says what makes systemd take this machine for a container: then it heeds neither the kernel's command line nor a
    /// watchdog (systemd, src/basic/virt.c, `detect_container`).
    private func containerNote(_ root: FilePath) throws -> String? {
        guard try FileStatus.of(root.appending(".dockerenv"), followingLinks: false) != nil else { return nil }
        return "the image has /.dockerenv, so systemd takes this machine for a container; build it without that file"
    }

    /// Repairs a damaged environment at once: until that is done GRUB counts nothing, and a broken image would be
    /// started for ever.
    mutating func checkBootEnvironment(_ role: Role, _ image: ImageID?) throws -> StepResult<UndoAction> {
        let bootPartition = try found.bootPartition.get()
        var store = EnvironmentStore(device: bootPartition.path)
        let copies = try store.readUnmountedEnvironment()
        let disk = BootDisk(boot: bootPartition)
        let running = image.map { (role: role, image: $0) }
        let kernelLog = kernelLog
        let repair = try EnvironmentRepair.decide(copies, running: running) {
            try Self.images(on: disk, runningIn: role, log: kernelLog)
        }
        if repair == nil, copies.areWhole { return StepResult(note: countingNote(role, copies.primary)) }
        // A second copy that is missing is made again, too.
        let failures = try store.commit { repair?.environment ?? EnvironmentFacts($0).primary }
        guard let repair else { return StepResult(note: failures.first ?? countingNote(role, copies.primary)) }
        return StepResult(note: "boot.env was repaired: \((repair.problems + failures).joined(separator: "; "))")
    }

    /// Lists the whole images of both stores; the one that this role runs from is mounted already.
    ///
    /// A store that cannot be read is logged and counts as empty: its images cannot be booted either.
    private static func images(on disk: BootDisk, runningIn role: Role, log: KernelLog) throws -> [FoundImage] {
        let mounted = Store(of: role)
        var images = try ImageInventory.images(
            in: MachinePaths.mountPoint(of: mounted), mounted, local: .inInitramfs())
        let other = mounted.other
        do {
            images += try TemporaryMount.readOnly(disk.partition(other.partition)) { root in
                try ImageInventory.images(in: root, other, local: .inInitramfs())
            }
        } catch { log.write("listing the images of the \(other) partition: \(error)", level: .warning) }
        return images.filter(\.isWhole).map(\.found)
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
