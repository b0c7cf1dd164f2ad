import Archives
import Cryptography
package import Faults
import ImageAssembly
package import ImageModel
import LinuxSystem
import Overlays
import PackageSpecs
package import PackageTrees
package import RegistryModel
package import SystemPackage
package import TreeModel

/// Takes files out of a container image without starting a container.
package struct ImageExtraction: Sendable {
    /// Where images come from.
    package var images: BaseImages
    /// Which files are taken.
    package var section: ArtefactSection
    /// The folder of the image that becomes the root.
    package var folder: EntryPath

    /// Prepares to take files.
    package init(_ images: BaseImages, _ section: ArtefactSection, below folder: EntryPath) {
        self.images = images
        self.section = section
        self.folder = folder
    }

    /// Writes what is selected as a folder that is not there yet; after a cut there is none.
    ///
    /// - Returns: the digest of the document that the reference named, how many files and folders were written, and what is
    ///   worth a word, a sentence each.
    /// - Throws: `ImageExtractionError`; as `BaseImages.image`; `ArchiveError`, `SystemError`.
    package func write(
        _ reference: SourceReference, to target: FilePath, progress: @escaping (TransferProgress) throws -> Void
    ) throws -> (digest: Digest, count: Int, notes: [String]) {
        guard try FileStatus.of(target, followingLinks: false) == nil, let name = target.lastComponent else {
            throw ImageExtractionError.taken(target)
        }
        let digest = try reference.digest ?? images.resolve(reference)
        let manifest = try images.manifest(reference, digest, architecture: ImageArchitecture.host)
        let image = try images.image(reference, manifest, progress: progress)
        let layers = image.layers.map { images.cache.blob($0.digest) }
        let parent = target.removingLastComponent()
        let staging = try PrivateFolder(in: parent.isEmpty ? "." : parent, prefix: ".\(name.string)")
        let tree = staging.path.appending("tree")
        try Folders.makeNew(tree)
        var source = SelectedSource(try LayeredSource(layers: layers), section, below: folder)
        var writer = try TreeWriter(into: tree, .container)
        try writer.write(&source)
        guard source.count > 0 else { throw ImageExtractionError.nothing(reference) }
        try Folders.flushFilesystem(tree)
        try Folders.rename(tree, to: target)
        return (digest, source.count, writer.notes.counts.map { "\($0.message) (\($0.count))" })
    }
}

/// Says why nothing was taken out of an image.
package typealias ImageExtractionError = Fault<ImageExtractionFault>

/// Names why nothing was taken out of an image.
package enum ImageExtractionFault: FaultKind {
    /// Something has the name already.
    case taken
    /// Nothing is selected.
    case nothing
}

extension ImageExtractionError {
    fileprivate static func taken(_ target: FilePath) -> ImageExtractionError {
        ImageExtractionError(
            .taken, "writing", "\(target)", cause: "it is there already, or names no folder",
            remedy: "Name a folder that is not there.")
    }

    fileprivate static func nothing(_ reference: SourceReference) -> ImageExtractionError {
        ImageExtractionError(
            .nothing, "taking files out of", "\(reference)", cause: "none of its files is selected",
            remedy: "Name others with --include, --exclude and --directory.")
    }
}
