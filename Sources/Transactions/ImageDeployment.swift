import GrubEnvironment
package import ImageModel
import LinuxSystem
package import SystemPackage
package import TransactionPlanning

extension ImageStore {
    /// Puts an image into its place, unless it is there already; an image of its name that is damaged is made anew.
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
        if let id = planned.id, try isWhole(id, progress) {
            // A name alone does not say that GRUB sees the files: a cut may have come before the flush.
            try publish(directory(id), as: id)
            return (id, ["the image was there already, and whole"])
        }
        try removeStaging(except: planned.staging)
        let folder = try makeStaging(planned.staging)
        let (image, notes) = try supplier.stage(in: folder, locals: locals, progress: progress)
        if supplier.needsLocalSignature { try sign(image, state: state) }
        try remove(image.id.description)
        try publish(image.directory, as: image.id)
        return (image.id, notes)
    }

    /// Says whether every file of an image is there and has the right digest; the derived ones are compared too.
    private func isWhole(_ id: ImageID, _ progress: StepProgress) throws -> Bool {
        let folder = directory(id)
        guard try FileStatus.of(folder) != nil,
            (try? ImageCheck.fault(id, in: folder, progress: progress)) == .some(nil)
        else {
            try progress.check()
            return false
        }
        let manifest = try Manifest(
            parsing: FileBytes.read(folder.appending(ImageFile.manifest.rawValue), limit: 256 << 10))
        return try manifest.derivedFiles().allSatisfy { file in
            try FileBytes.readIfPresent(folder.appending(file.file.rawValue), limit: 1 << 16) == file.bytes
        }
    }

    /// Signs with the machine's key, and puts its public half where the image lies.
    private func sign(_ image: DeployableImage, state: FilePath) throws {
        let manifest = try FileBytes.read(
            image.directory.appending(ImageFile.manifest.rawValue), limit: 256 << 10)
        try MachineKey.sign(manifest, in: image.directory, state: state)
        if root != state { try MachineKey.publish(from: state, to: root) }
    }

    private func removeStaging(except kept: String) throws {
        for name in try DirectoryListing.names(of: images) where name.hasPrefix(Self.stagingPrefix) && name != kept {
            try remove(name)
        }
    }
}
