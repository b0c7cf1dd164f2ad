import Archives
import Faults
import ImageAssembly
import ImageModel
import ImageSources
import LinuxSystem
import OEMModel
import Overlays
import Plans
import RegistryAccess
import RegistryModel
import SystemPackage

// Container images, unpacked into folders.
extension LiveStageEffects {
    mutating func unpack(_ image: UnpackDirective) throws -> StepResult<Never> {
        let request = try ContainerUnpacking(image)
        if !request.reference.isLocal { try requireNetwork("unpacking", image.source) }
        let deadline = Deadline.after(network.imageTime)
        let checkpoint = { if deadline.isPast { throw StageError.late("unpacking", image.source) } }
        let access =
            try network.registries ?? ConfigurationFiles.read().access(authFile: nil, certificateAuthority: nil)
        var source = try AnySource(opening: request.reference, access, checkpoint: checkpoint)
        let document = try request.manifest(in: &source)
        let folder = try root.folder(FilePath(image.target))
        let record = UnpackedImages(try folder.read(UnpackedImages.file, limit: StageRoot.limit) ?? [])
        if record[request.name] == document.digest { return changed(false) }
        let layers = try request.layers(of: document)
        let target = FilePath(image.target)
        let name = "." + (target.lastComponent?.string ?? "root") + ".layers"
        let staging = try root.folder(target.removingLastComponent().appending(name))
        let place = try staging.realPath
        defer { try? Folders.remove(place, .tree) }
        let files = try ContainerLayers.fetch(layers, from: &source, into: place) { _ in try checkpoint() }
        // A cut from here on has all of it written once more.
        try folder.write(record.without(request.name))
        let notes = try Self.write(files, into: folder)
        try folder.write(record.with(request.name, document.digest))
        return changed(true, note: notes)
    }

    /// Writes the tree that the layers come to, and makes it last.
    private static func write(_ files: [FilePath], into folder: borrowing DirectoryHandle) throws -> String? {
        var tree = try LayeredSource(layers: files)
        var writer = try TreeWriter(into: folder.mountTarget, .container)
        try writer.write(&tree)
        try Folders.flushFilesystem(folder.realPath)
        let notes = writer.notes.counts.map { "\($0.message) (\($0.count))" }
        return notes.isEmpty ? nil : notes.joined(separator: "; ")
    }
}

extension DirectoryHandle {
    fileprivate borrowing func write(_ record: UnpackedImages) throws {
        guard let name = UnpackedImages.file.lastComponent else { return }
        _ = try replaceDifferent(name, with: record.bytes, mode: 0o644, owner: .root)
    }
}

/// Which image is to be unpacked, and what of it.
struct ContainerUnpacking {
    let reference: SourceReference
    private let architecture: String
    /// What tells it from other images in the same folder.
    let name: String

    /// Reads a directive; a name without a registry is one of Docker Hub, as for the family.
    init(_ image: UnpackDirective) throws {
        do throws(RegistryModelError) { reference = try SourceReference(parsing: image.source) } catch {
            let isPlain = !image.source.utf8.contains(0x2F) || image.source.split(separator: "/").count == 2
            guard isPlain, let hub = try? SourceReference(parsing: "docker.io/\(image.source)") else { throw error }
            reference = hub
        }
        let platform = image.platform?.split(separator: "/", omittingEmptySubsequences: false) ?? []
        guard platform.isEmpty || platform.count > 1 && platform[0] == "linux" else {
            throw StageError.refused(
                image.source, "'\(image.platform ?? "")' is no platform", "Write one such as linux/amd64.")
        }
        architecture = platform.isEmpty ? ImageArchitecture.host : String(platform[1])
        name = "\(reference) \(architecture)"
    }

    /// The document of the image for the platform.
    func manifest(in source: inout AnySource) throws -> ManifestDocument {
        let top = try source.resolve()
        guard case .index(let index) = try RegistryDocument(parsing: top) else { return top }
        switch index.choice(architecture: architecture) {
        case .artifact(let entry), .container(let entry): return try source.manifest(entry.digest)
        case .nothing(let available):
            throw StageError.refused(
                "\(reference)", "it has nothing for \(architecture), only \(available.joined(separator: ", "))",
                "Name another image, or one of these as 'platform'.")
        }
    }

    /// Its layers, each of a kind that can be read.
    func layers(of document: ManifestDocument) throws -> [Descriptor] {
        let manifest = try ImageManifest(parsing: document)
        let isKnown = manifest.layers.allSatisfy { ContainerDescription.layerTypes.contains($0.mediaType) }
        guard !manifest.layers.isEmpty, isKnown else {
            throw StageError.refused(
                "\(reference)", "it is no container image", "Name an image as docker and buildah make them.")
        }
        return manifest.layers
    }
}

/// Remembers in a folder which images are in it, a line each: the digest, then the name.
struct UnpackedImages {
    static let file: FilePath = ".lifeboot-images"
    private var digests: [(name: String, digest: String)]

    init(_ bytes: [UInt8]) {
        digests = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            return parts.count == 2 ? (parts[1], parts[0]) : nil
        }
    }

    subscript(name: String) -> Digest? {
        digests.first { $0.name == name }.flatMap { Digest(registryText: $0.digest) }
    }

    func without(_ name: String) -> UnpackedImages {
        var copy = self
        copy.digests.removeAll { $0.name == name }
        return copy
    }

    func with(_ name: String, _ digest: Digest) -> UnpackedImages {
        var copy = without(name)
        copy.digests.append((name, digest.registryText))
        return copy
    }

    var bytes: [UInt8] { Array(digests.map { "\($0.digest) \($0.name)\n" }.joined().utf8) }
}
