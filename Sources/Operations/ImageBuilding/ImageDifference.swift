import ImageFetching
package import ImageModel
import LinuxSystem
package import RegistryModel
package import SoftwareBills
package import SystemPackage
package import TransferPlanning

/// In what two images differ: packages, files, and what an upgrade from the one to the other moves.
package struct ImageDifference: Sendable {
    /// One of the two.
    package struct Side: Equatable, Sendable {
        /// Its id.
        package var id: ImageID
        /// What it says of itself.
        package var manifest: Manifest
    }

    /// The older one.
    package var old: Side
    /// The newer one.
    package var new: Side
    /// Packages that are not the same.
    package var packages = SoftwareDifference(from: [], to: [])
    /// Files of the root that are not the same.
    package var files = FileDifference()
    /// Which of kernel and initramfs are not the same.
    package var bootFiles: [ImageFile] = []
    /// What a machine that has the older one receives for the newer one.
    package var transfer: TransferEstimate
    /// What could not be read, sentences without full stop.
    package var notes: [String] = []

    /// Whether they are the same image.
    package var isEmpty: Bool { old.id == new.id }

    /// Compares two images; what is in no folder is fetched into a private one, and removed again.
    ///
    /// - Parameters:
    ///   - access: how registries are reached.
    ///   - scratch: where the private folder goes, `TMPDIR` or `/var/tmp` unless another is named.
    /// - Throws: `ImageBuildError` for what is no built image; `SquashfsError` for a root that is damaged; the errors of the
    ///   source.
    package init(
        from old: SourceReference, to new: SourceReference, _ access: RegistryConfiguration, scratch: FilePath? = nil,
        progress: @escaping (TransferProgress) -> Void = { _ in }
    ) throws {
        let place = ThisProcess.variable("TMPDIR").flatMap { $0.isEmpty ? nil : FilePath($0) } ?? "/var/tmp"
        let folder = try PrivateFolder(in: scratch ?? place, prefix: "boatyard-\(ThisProcess.identifier)")
        let before = try ComparedImage(old, access, scratch: folder.path.appending("old"), progress: progress)
        let after = try ComparedImage(
            new, access, scratch: folder.path.appending("new"), other: before.folder, progress: progress)
        self.old = Side(id: before.documents.id, manifest: before.documents.manifest)
        self.new = Side(id: after.documents.id, manifest: after.documents.manifest)
        transfer = after.transfer
        bootFiles = [ImageFile.kernel, .initrd].filter { self.old.manifest.file($0) != self.new.manifest.file($0) }
        if self.old.manifest.root.sha256 == self.new.manifest.root.sha256 { return }
        let roots = [before.folder, after.folder].map { $0.appending(ImageFile.root.rawValue) }
        let (files, was, becomes) = try RootComparison.run(roots[0], roots[1], progress: progress)
        self.files = files
        packages = SoftwareDifference(from: was.findings.packages, to: becomes.findings.packages)
        notes = was.findings.notes + becomes.findings.notes.filter { !was.findings.notes.contains($0) }
    }
}
