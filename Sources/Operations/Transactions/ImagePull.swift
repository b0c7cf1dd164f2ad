import Cryptography
import DiskContract
import Faults
import ImageFetching
import ImageFolders
package import ImageModel
package import ImageSources
import InstalledSystem
import LinuxSystem
package import RegistryModel
package import SystemPackage
package import TransactionPlanning

/// Gets an image into a folder of its own, the way an upgrade gets it onto its partition; nothing boots from there.
package struct ImagePull {
    /// What a pull did.
    package struct Result: Equatable, Sendable {
        /// The image.
        package var image: ImageID
        /// Whether anything was written; not when the folder held the image already.
        package var isChanged = true
        /// What moved over the network.
        package var traffic = Traffic()
        /// What is worth knowing besides, a sentence each.
        package var notes: [String] = []
    }

    private let directory: FilePath
    private let locals: [FilePath]

    /// Names the folder to make, and folders of images whose parts may be used.
    package init(into directory: FilePath, locals: [FilePath] = []) {
        self.directory = directory.lexicallyNormalized()
        self.locals = locals
    }

    /// Fetches or makes the image, or finds that the folder holds it.
    ///
    /// What was fetched before a failure or a cancellation stays beside the folder, and the next pull goes on there.
    ///
    /// - Parameter isCancelled: asked often whether to stop.
    /// - Throws: `Refusal` when the folder holds something else; the errors of source and disk.
    package func run(
        _ source: consuming ResolvedImage, isCancelled: @escaping () -> Bool, observer: @escaping TransactionObserver
    ) throws -> Result {
        let progress = StepProgress(observer: observer, isCancelled: isCancelled)
        if let image = try held(source.candidate, progress) {
            return Result(
                image: image, isChanged: false, traffic: source.traffic,
                notes: ["the folder held the image already, and whole"])
        }
        let staging = try self.staging(source.candidate.digest)
        try Folders.make(staging)
        var (image, notes) = try source.stage(in: staging, locals: locals, progress: progress.report)
        if source.signature == .thisMachine {
            notes.append("no key of this system signed it for the boot; the machine that deploys it has to")
        }
        try Folders.rename(staging, to: directory)
        try Folders.flushEntry(parent)
        return Result(image: image.id, traffic: source.traffic, notes: notes)
    }

    /// The image when the folder holds it already, read and compared as a whole; nil when the folder is to be made.
    ///
    /// - Throws: `Refusal` when the folder holds something else.
    package func held(_ candidate: ImageCandidate, _ progress: StepProgress) throws -> ImageID? {
        guard try isTaken() else { return nil }
        guard let image = candidate.id ?? made(from: candidate), try holds(image, progress) else { throw taken }
        return image
    }

    private var parent: FilePath {
        let parent = directory.removingLastComponent()
        return parent.isEmpty ? "." : parent
    }

    private func isTaken() throws -> Bool {
        try FileStatus.of(directory, followingLinks: false) != nil && !Folders.isEmpty(directory)
    }

    /// The id of the image in the folder when it was made from this source; nil when it was not, or nobody can tell.
    private func made(from candidate: ImageCandidate) -> ImageID? {
        guard let folder = try? ImageFolder(directory), folder.manifest.source == candidate.source else { return nil }
        return folder.id
    }

    private func holds(_ image: ImageID, _ progress: StepProgress) throws -> Bool {
        do { return try ImageFolder.fault(of: image, in: directory, willCheck: progress.willCheck) == nil } catch {
            try progress.check()
            // What cannot be read is not the image.
            return false
        }
    }

    private var taken: Refusal {
        Refusal(
            .impossible, "pulling into", directory.string, cause: "it is there and is not this image, or not whole",
            remedy: "Remove it, or name another folder.")
    }

    /// The folder in which the image grows: known before its id is.
    private func staging(_ digest: Digest) throws -> FilePath {
        guard let name = directory.lastComponent?.string, name != ".." else {
            throw Refusal(
                .impossible, "pulling into", directory.string, cause: "it has no name of its own",
                remedy: "Name another folder.")
        }
        return parent.appending(".\(name)\(DiskFiles.staging(for: digest))")
    }
}
