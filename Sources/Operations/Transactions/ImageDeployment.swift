import BootModel
import DiskContract
import Filesystems
import GrubEnvironment
import ImageFolders
package import ImageModel
package import ImageSources
import InstalledSystem
import LinuxSystem
import Plans
package import SystemPackage
package import TransactionPlanning

extension ImageStore {
    /// Puts an image into its place, unless it is there already; an image of its name that is damaged is made anew.
    ///
    /// Only for a partition that nothing boots from before the operation is done: what is damaged is removed first where
    /// there is no room beside it.
    ///
    /// - Parameters:
    ///   - locals: folders of images on this machine, which a delta copies from.
    ///   - state: where the state partition is mounted, writable: the machine's key lies there.
    /// - Returns: the image's id, and what is worth knowing, a sentence each.
    /// - Throws: as the supplier; `SystemError` when it cannot be named. What was staged stays for the next try.
    package func deploy(
        _ planned: PlannedImage, from supplier: inout some ImageSupplier & ~Copyable, locals: [FilePath] = [],
        state: FilePath, progress: StepProgress
    ) throws -> (id: ImageID, notes: [String]) {
        if let id = planned.id {
            if let image = try whole(id, progress), try isSigned(image, supplier.signature, state) {
                // A name alone does not say that GRUB sees the files: a cut may have come before the flush.
                try publish(image.directory, as: id)
                return (id, ["the image was there already, and whole"])
            }
            // A damaged one stays as long as there is room beside it.
            if try FreeSpace.bytes(at: root) < planned.size + ResetPlan.reserve { try remove(id.description) }
        }
        try removeStaging(except: planned.staging)
        let folder = try makeStaging(planned.staging)
        let (image, notes) = try supplier.stage(in: folder, locals: locals, progress: progress.report)
        try adopt(image, supplier.signature, state: state)
        try remove(image.id.description)
        try publish(image.directory, as: image.id)
        return (image.id, notes)
    }

    /// Finds an image of which every file is there and has the right digest; the derived ones are made anew where they differ, as
    /// those of an older agent may.
    private func whole(_ id: ImageID, _ progress: StepProgress) throws -> DeployableImage? {
        let folder = directory(id)
        guard try FileStatus.of(folder) != nil else { return nil }
        do {
            let manifest = try ImageFolder(folder, expected: id).manifest
            guard try ImageFolder.fault(of: id, in: folder, willCheck: progress.willCheck) == nil else { return nil }
            for (file, bytes) in try manifest.derivedFiles() {
                let path = folder.appending(file.rawValue)
                guard try FileBytes.readIfPresent(path, limit: file.sizeLimit) != bytes else { continue }
                try AtomicFile.write(bytes, to: path)
            }
            return DeployableImage(id: id, manifest: manifest, directory: folder)
        } catch let error as CancellationRequest {
            throw error
        } catch {
            return nil
        }
    }

    /// Says whether a signature that counts is there; the machine's own is made where that is what the image has.
    private func isSigned(_ image: DeployableImage, _ signature: BootSignature, _ state: FilePath) throws -> Bool {
        do {
            _ = try ImageVerification.manifest(in: image.directory, expected: image.id, local: .inBootedSystem())
            return true
        } catch {
            guard signature == .thisMachine else { return false }
            try adopt(image, signature, state: state)
            return true
        }
    }

    private func removeStaging(except kept: String) throws {
        for name in try Folders.names(of: images) where name.hasPrefix(DiskFiles.stagingPrefix) && name != kept {
            try remove(name)
        }
    }
}
