import BootExecution
import BootModel
import GrubEnvironment
package import ImageModel
import LinuxSystem
package import SystemPackage
package import TransactionPlanning

extension ImageStore {
    /// Puts an image into its place, unless it is there already; an image of its name that is damaged is made anew.
    ///
    /// Only for a partition that nothing boots from before the operation is done: what is damaged is removed first.
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
            if try isWhole(id, progress) {
                // A name alone does not say that GRUB sees the files: a cut may have come before the flush.
                try publish(directory(id), as: id)
                return (id, ["the image was there already, and whole"])
            }
            // There may be no room for the damaged and the new one side by side.
            try remove(id.description)
        }
        try removeStaging(except: planned.staging)
        let folder = try makeStaging(planned.staging)
        let (image, notes) = try supplier.stage(in: folder, locals: locals, progress: progress)
        if supplier.needsLocalSignature { try sign(image, state: state) }
        try remove(image.id.description)
        try publish(image.directory, as: image.id)
        return (image.id, notes)
    }

    /// Says whether an image is signed so that it boots, and every file of it is there and has the right digest; the
    /// derived ones are compared too.
    private func isWhole(_ id: ImageID, _ progress: StepProgress) throws -> Bool {
        let folder = directory(id)
        guard try FileStatus.of(folder) != nil else { return false }
        do {
            // This machine signs what no trusted key has signed, so each image has a signature that counts.
            let manifest = try ImageVerification.manifest(in: folder, expected: id, policy: .enforce)
            guard try ImageCheck.fault(id, in: folder, progress: progress) == nil else { return false }
            return try manifest.derivedFiles().allSatisfy { file in
                try FileBytes.readIfPresent(folder.appending(file.file.rawValue), limit: 1 << 16) == file.bytes
            }
        } catch let error as CancellationRequest {
            throw error
        } catch {
            return false
        }
    }

    /// Signs a staged image with the machine's key, and puts its public half where the image lies.
    ///
    /// Publishing the image makes it last.
    ///
    /// - Parameter state: where the state partition is mounted, writable; the store's own root for an image there.
    /// - Throws: `CryptographyError` or `SystemError`.
    func sign(_ image: DeployableImage, state: FilePath) throws {
        let manifest = try FileBytes.read(
            image.directory.appending(ImageFile.manifest.rawValue), limit: ImageVerification.manifestLimit)
        try MachineKey.sign(manifest, in: image.directory, state: state)
        // Beside a publisher's signature the machine's would not count, and that one is by nobody who is trusted.
        let foreign = image.directory.appending(ImageFile.signature.rawValue)
        if try FileStatus.of(foreign, followingLinks: false) != nil { try FolderContent.removeFile(foreign) }
        if root != state { try MachineKey.publish(from: state, to: root) }
    }

    private func removeStaging(except kept: String) throws {
        for name in try DirectoryListing.names(of: images) where name.hasPrefix(Self.stagingPrefix) && name != kept {
            try remove(name)
        }
    }
}
