// Makes an image out of a container image, to be read from top to bottom (docs/container-images.md).
import Archives
import Cryptography
import Faults
import Filesystems
import GrubEnvironment
import ImageModel
import ImagePlanning
import LinuxSystem
package import RegistryModel
import Squashfs
import SystemPackage
import TreeModel
import Verity

/// Makes an image out of the layers of a container image, without a staging tree and without privileges.
package struct ContainerAssembly {
    private let request: ContainerRequest
    private let progress: (TransferProgress) throws -> Void

    private var staging: FilePath { request.staging }
    private var layers: [Descriptor] { request.container.layers }

    /// Fetches the layers, packs what survives of them, and returns the complete image in the staging folder.
    ///
    /// Layers that were fetched stay there after a failure and serve the next run, unless the disk was full: then nothing
    /// stays.
    ///
    /// - Parameter progress: is told how far it is; what it throws cancels the assembly and is thrown on.
    /// - Throws: the errors of the source; `ImageAssemblyError`, `ArchiveError`, `SquashfsError` and `ImagePlanningError`.
    package static func run(
        _ request: ContainerRequest, from source: inout some BlobSource & ~Copyable,
        progress: @escaping (TransferProgress) throws -> Void
    ) throws -> AssembledImage {
        try ContainerAssembly(request: request, progress: progress).run(&source)
    }

    private func run(_ source: inout some BlobSource & ~Copyable) throws -> AssembledImage {
        try clean(keepingLayers: true)
        let estimate = try checkSpace()
        do { return try run(&source, estimate) } catch  where RefusalKind(error) == .space {
            throw try LayerRoom(staging).fullDisk(estimate, because: error)
        }
    }

    private func run(
        _ source: inout some BlobSource & ~Copyable, _ estimate: SpaceEstimate
    ) throws -> AssembledImage {
        var fetch = LayerFetch(folder: staging, layers: layers, progress: progress)
        for layer in layers { try fetch.fetch(layer, from: &source) }
        // Room for all of the image beside all layers: then they stay until it is complete, for another try.
        let keepsLayers = try SpaceReservation.reserve(path(.root), bytes: estimate.image)
        var findings = try LayerRoom(staging).first(keepsLayers, { try pack(keepsLayers: $0) }) {
            try clean(keepingLayers: true)
        }
        try check(findings)
        let boot = try PlacedBootFiles.place(
            &findings, version: request.kernelVersion, local: request.local, in: staging)
        try checkArchitecture(findings)
        let warnings = try judge(findings, boot)
        let (root, index) = try LayerRoom(staging).first(true, { _ in try finish() }) {
            try clean(keepingLayers: false)
        }
        let chunks = try write(index.serialized(), .chunks)
        let manifest = try request.container.draft.manifest(
            findings, root: root, kernel: boot.kernel, initrd: boot.initrd, chunks: chunks)
        let image = try write(manifest)
        try clean(keepingLayers: false)
        try ImageReadBack.check(image, progress: progress)
        return AssembledImage(
            image: image, bootFiles: boot.origin, notes: findings.sentences + boot.notes, warnings: warnings)
    }

    private func finish() throws -> (root: Manifest.Root, index: ChunkIndex) {
        try ImageRootFile.finish(path(.root), progress: progress)
    }

    private func path(_ file: ImageFile) -> FilePath { staging.appending(file.rawValue) }

    /// Removes what is not part of the image: everything, or everything but layers that will be used.
    private func clean(keepingLayers: Bool) throws {
        let layers = Set(layers.map { LayerFetch.path(of: $0, in: staging) })
        let kept = Set((ImageFile.published + [.kernelEnvironment, .bootDigests]).map(path))
        for name in try Folders.names(of: staging) {
            let file = staging.appending(name)
            let isWanted =
                keepingLayers
                ? layers.contains(file) : kept.contains(file) || name == ImageFile.localSignature
            if !isWanted { try Folders.removeFile(file) }
        }
    }

    private func checkSpace() throws -> SpaceEstimate {
        var seen: Set<Digest> = []
        let unique = layers.filter { seen.insert($0.digest).inserted }
        let estimate = SpaceEstimate(
            layers: try unique.map { ($0, min($0.size, try LayerFetch.present($0, in: staging))) })
        let free = try FreeSpace.bytes(at: staging)
        guard free >= estimate.minimum else {
            throw ImageAssemblyError(
                .noSpace, "making an image in", staging.string,
                "about \(estimate.minimum) bytes are needed (\(estimate.missing) for layers) and \(free) are free",
                remedy: "Remove what no longer is needed there, or use a larger partition.")
        }
        return estimate
    }

    /// Reads the layers once where that tells what becomes of them, else twice.
    private func pack(keepsLayers: Bool) throws -> RootFindings {
        // A layer that is gone after its use cannot be read again.
        guard try keepsLayers || isSettled() else { return try packTwice(keepsLayers: keepsLayers) }
        do { return try readOnce(keepsLayers: keepsLayers, writer: writer()) } catch let error as ArchiveError
            where error.kind == .unsettled
        {
            // The space that is reserved for the image stays so.
            try BootFileExtraction.clean(staging)
            return try packTwice(keepsLayers: keepsLayers)
        }
    }

    /// Whether one reading tells all, by looking only.
    private func isSettled() throws -> Bool {
        var isSettled = true
        do { _ = try readOnce(keepsLayers: true, writer: nil) } catch let error as ArchiveError
            where error.kind == .unsettled
        {
            isSettled = false
        }
        try BootFileExtraction.clean(staging)
        return isSettled
    }

    private func readOnce(keepsLayers: Bool, writer: consuming SquashfsWriter?) throws -> RootFindings {
        let digests = try LayerDigests { _ in }
        var source = DescendingSource(layers: paths, observer: digests.take, finished: release(keepsLayers))
        var packer = RootPacker(
            staging: staging, latest: nil, writer: writer, comparison: try comparison(), isTentative: true,
            progress: progress)
        let findings: RootFindings
        do { findings = try packer.run(&source) } catch let error as ArchiveError { throw digests.error ?? error }
        try check(digests)
        return findings
    }

    private func packTwice(keepsLayers: Bool) throws -> RootFindings {
        var hasKernel = false
        var source = try layeredSource(keepsLayers: keepsLayers) {
            if RootfsRules.isKernel(path: $0.description) { hasKernel = true }
        }
        var packer = RootPacker(
            staging: staging, latest: nil, writer: try writer(), comparison: try hasKernel ? nil : comparison(),
            progress: progress)
        return try packer.run(&source)
    }

    private var paths: [FilePath] { layers.map { LayerFetch.path(of: $0, in: staging) } }

    private func writer() throws -> SquashfsWriter {
        let time = UInt32(clamping: request.container.draft.createdAt.seconds)
        let options = SquashfsOptions(blockSize: request.blockSize, level: request.compressionLevel, time: time)
        return try SquashfsWriter(path: path(.root), options: options)
    }

    private func comparison() throws -> InitrdComparison? {
        guard let local = request.local, let root = local.root, let version = try local.version() else { return nil }
        return InitrdComparison(root: root, version: version)
    }

    /// What is done with a layer after its last use.
    private func release(_ keepsLayers: Bool) -> (FilePath) -> Void {
        { if !keepsLayers { try? Folders.removeFile($0) } }
    }

    private func layeredSource(
        keepsLayers: Bool, visit: (EntryPath) -> Void
    ) throws -> LayeredSource {
        let progress = progress
        let digests = try LayerDigests { try progress(TransferProgress("reading layers", done: $0)) }
        let source: LayeredSource
        do throws(ArchiveError) {
            source = try LayeredSource(
                layers: paths, observer: digests.take, visit: visit, finished: release(keepsLayers))
        } catch {
            throw digests.error ?? error
        }
        try check(digests)
        return source
    }

    /// Holds what was read against what the image's config says.
    private func check(_ digests: LayerDigests) throws {
        let found = try digests.finish(layers.count)
        for (index, expected) in request.container.config.diffIDs.enumerated() where found[index] != expected {
            throw ImageAssemblyError(
                .damaged, "reading", "layer \(layers[index].digest)",
                "its uncompressed content has the digest \(found[index]), the image's config says \(expected)",
                remedy: "Build and push the container image again.")
        }
    }

    private func check(_ findings: RootFindings) throws {
        guard !findings.refusesLocalSignature else {
            throw ImageAssemblyError.unsuitable(
                "making", "an image of the container",
                "it has /\(RootfsRules.localRefusal), so that it would not boot with a signature of this machine",
                remedy: "Publish it as an image with 'boatyard image publish', or build it without that file.")
        }
    }

    /// Asks whether the image would boot, before it is put in the place of one that does.
    private func judge(_ findings: RootFindings, _ boot: PlacedBootFiles) throws -> [String] {
        let report = progress
        let inspection = ImageInspection(.deploying) {
            try report(TransferProgress("looking into the initramfs", done: 0))
        }
        let facts = try inspection.facts(
            findings, initrd: boot.origin == .container ? path(.initrd) : nil,
            arguments: request.container.draft.kernelArguments)
        let verdict = ImageVerdict(ImageChecks.findings(of: facts), allowing: request.allowedChecks)
        if let refusal = verdict.refusal {
            throw ImageAssemblyError(
                .unbootable, "checking", "the container image", refusal.cause, remedy: refusal.remedy)
        }
        return verdict.warnings.map(\.description)
    }

    private func checkArchitecture(_ findings: RootFindings) throws {
        let stated = request.container.config.architecture
        guard let found = findings.architecture, found != stated else { return }
        throw ImageAssemblyError(
            .wrongArchitecture, "making", "an image of the container",
            "its kernel and first process are for \(found), it says \(stated)",
            remedy: "Build the container image again.")
    }

    /// Writes manifest and derived files; the signature is the machine's own, and made by whoever has the key.
    private func write(_ manifest: Manifest) throws -> DeployableImage {
        let bytes = manifest.serialized()
        let identity = try write(bytes, .manifest)
        for (file, bytes) in try manifest.derivedFiles() { _ = try write(bytes, file) }
        return DeployableImage(
            id: ImageID(manifestDigest: identity.sha256), manifest: manifest, directory: staging)
    }

    private func write(_ bytes: [UInt8], _ file: ImageFile) throws -> Manifest.File {
        try ImageAssemblyError.checkLength(bytes.count, of: file)
        try AtomicFile.write(bytes, to: path(file))
        return Manifest.File(size: bytes.count, sha256: try SHA256Hasher.digest(of: bytes))
    }
}
