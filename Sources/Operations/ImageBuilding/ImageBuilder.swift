// The pipeline of `boatyard image build`, to be read from top to bottom.
package import Cryptography
import ImageAssembly
import ImageModel
import ImagePlanning
import LinuxSystem
package import RegistryModel
import Squashfs
import SystemPackage

/// Builds an image out of a root filesystem, without privileges and without a staging tree.
package struct ImageBuilder {
    /// Threads that compress at most: a build machine has memory for them.
    private static let maximumThreads = 32

    private let request: ImageRequest
    private let progress: (TransferProgress) -> Void

    /// Builds an image and gives its folder its name when all of it is on the disk.
    ///
    /// - Throws: what stands in the way; nothing is left behind then.
    package static func build(
        _ request: ImageRequest, key: borrowing SigningKey, progress: @escaping (TransferProgress) -> Void = { _ in }
    ) throws -> ImageBuildResult {
        try ImageBuilder(request: request, progress: progress).run(key)
    }

    private func run(_ key: borrowing SigningKey) throws -> ImageBuildResult {
        try checkOptions()
        let staging = try ImageStaging(for: request.output)
        let rootfs = try ImageRootfs(request.rootfs, request.access, in: staging.path, progress: progress)
        var (findings, inventory) = try pack(rootfs, in: staging.path)
        try ContainerRootfs.clean(staging.path, of: .layers)
        let (kernel, initrd) = try BootFilePlacement.place(&findings, version: request.kernelVersion, in: staging.path)
        let warnings = try check(findings, signer: key.publicKey(), in: staging.path)
        let permissions = try ImagePermissions(setuid: request.setuid, worldWritable: request.worldWritable)
            .notes(findings)
        let (root, index) = try ImageRootFile.finish(path(.root, in: staging.path), progress: progress)
        let chunks = try write(index.serialized(), .chunks, to: staging)
        var manifest = try draft(source: rootfs.source).manifest(
            findings, root: root, kernel: kernel, initrd: initrd, chunks: chunks)
        manifest.patches = try ImagePatches(bases: request.patchBases, progress: progress).write(index, to: staging)
        try ImageFit(request.sizeLimits).check(manifest)
        try ImageStatements(request, rootfs).write(inventory, for: &manifest, to: staging)
        let bytes = manifest.serialized()
        let identity = try write(bytes, .manifest, to: staging)
        let signature = SignatureFile(signatures: [try key.sign(bytes)])
        _ = try write(signature.serialized(), .signature, to: staging)
        progress(TransferProgress("flushing", done: 0))
        try staging.commit()
        return ImageBuildResult(
            id: ImageID(manifestDigest: identity.sha256), manifest: manifest,
            notes: findings.sentences + inventory.findings.notes + permissions,
            warnings: warnings.map(\.description))
    }

    private func path(_ file: ImageFile, in folder: FilePath) -> FilePath { folder.appending(file.rawValue) }

    /// Refuses options that the manifest's reader would refuse, before any work is done.
    private func checkOptions() throws {
        let arguments = request.kernelArguments
        guard let wrong = arguments.first(where: { !ManifestText.isKernelArgument($0) }) else {
            guard arguments.joined(separator: " ").utf8.count <= ManifestText.maximumKernelArguments else {
                throw refused("kernel arguments", "longer than \(ManifestText.maximumKernelArguments) bytes together")
            }
            return
        }
        throw refused("kernel argument '\(wrong)'", "expected printable ASCII without space, quotes, '\\' and '$'")
    }

    private func refused(_ subject: String, _ cause: String) -> ImageBuildError {
        ImageBuildError("taking", subject, cause, remedy: "Give another value.")
    }

    private func pack(
        _ rootfs: ImageRootfs, in staging: FilePath
    ) throws -> (findings: RootFindings, inventory: RootInventory) {
        var options = SquashfsOptions(blockSize: request.blockSize, level: request.compressionLevel)
        options.time = UInt32(clamping: request.createdAt.seconds)
        options.maximumThreads = Self.maximumThreads
        var inventory = try RootInventory(listingFilesIn: nil)
        let findings = try rootfs.run(in: staging) { isTentative in
            inventory = try RootInventory(listingFilesIn: request.listsFiles ? staging : nil)
            return RootPacker(
                staging: staging, latest: request.sourceDate?.seconds,
                writer: try SquashfsWriter(path: path(.root, in: staging), options: options), observer: inventory,
                isTentative: isTentative, progress: progress)
        }
        return (findings, inventory)
    }

    /// Refuses what would not boot, and returns what is only to be said.
    private func check(_ findings: RootFindings, signer: PublicKey, in staging: FilePath) throws -> [ImageFinding] {
        progress(TransferProgress("looking into the initramfs", done: 0))
        let facts = try ImageInspection(.signing, signer: signer)
            .facts(findings, initrd: path(.initrd, in: staging), arguments: request.kernelArguments)
        let verdict = ImageVerdict(ImageChecks.findings(of: facts), allowing: request.allowedChecks)
        guard let refusal = verdict.refusal else { return verdict.warnings }
        throw ImageBuildError("checking", "the root filesystem", refusal.cause, remedy: refusal.remedy)
    }

    private func draft(source: Digest?) -> ManifestDraft {
        var draft = ManifestDraft(createdAt: request.createdAt)
        draft.name = request.name
        draft.version = request.version
        draft.sequence = request.sequence
        draft.kernelArguments = request.kernelArguments
        draft.boards = request.boards
        draft.minimumAgent = request.minimumAgent
        draft.source = source
        return draft
    }

    private func write(
        _ bytes: [UInt8], _ file: ImageFile, to staging: borrowing ImageStaging
    ) throws -> Manifest.File {
        try ImageAssemblyError.checkLength(bytes.count, of: file)
        try staging.write(bytes, file.rawValue)
        return Manifest.File(size: bytes.count, sha256: try SHA256Hasher.digest(of: bytes))
    }
}
