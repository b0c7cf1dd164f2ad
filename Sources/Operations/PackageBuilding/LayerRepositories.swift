import Cryptography
import Faults
import ImageModel
import LinuxSystem
package import PackageRepositories
package import PackageSpecs
package import RegistryModel
import RepositoryPlanning
package import SystemPackage

/// Opens the repositories that a layer's file names.
package struct LayerRepositories: Sendable {
    private let folder: FilePath
    private let access: RegistryConfiguration
    private let isOffline: Bool
    private let memory: RepositoryMemoryFile?

    /// Describes how they are reached.
    ///
    /// - Parameters:
    ///   - folder: the layer's; relative paths in its file are below it.
    ///   - memory: what remembers earlier indexes; nil for nothing.
    package init(
        of folder: FilePath, _ access: RegistryConfiguration, isOffline: Bool, memory: RepositoryMemoryFile?
    ) {
        self.folder = folder
        self.access = access
        self.isOffline = isOffline
        self.memory = memory
    }

    /// Opens the repository of a layer below, signed with the key that the file names for it.
    ///
    /// - Parameter locked: the index to take; nil for the file's snapshot, or else the newest.
    /// - Throws: as `TrustedRepository.open`; the errors of a key that cannot be read.
    package func open(_ layer: LowerLayer, locked: LockedRepository?) throws -> RepositoryReader.Opened {
        let reader = RepositoryReader(
            keys: [try key(layer.key)], memory: memory, now: try RepositoryClock.now())
        let selection =
            locked.map { RepositoryReader.Selection.manifest($0.manifest) }
            ?? layer.snapshot.map { .revision($0) } ?? .newest
        return try TrustedRepository(place(of: layer.repository), reader, selection).open(access, isOffline: isOffline)
    }

    /// Opens the layer's own repository.
    ///
    /// - Returns: nil when nothing has been published there yet.
    /// - Throws: as `TrustedRepository.open`.
    package func open(
        own repository: Located<SourceReference>, with reader: RepositoryReader
    ) throws -> RepositoryReader.Opened? {
        let place = try place(of: repository.value)
        if case .layout(let path) = place, try FileStatus.of(path.appending("oci-layout")) == nil { return nil }
        do { return try TrustedRepository(place, reader).open(access, isOffline: isOffline) } catch let error
            as RepositoryPlanningError where error.kind == .absent
        { return nil }
    }

    /// What a repository has under a digest, as sources are opened; a relative path is below the layer's folder.
    ///
    /// - Throws: as `RepositoryPlace.init`.
    func reference(_ digest: Digest, in repository: SourceReference) throws -> SourceReference {
        switch try place(of: repository) {
        case .registry(var image):
            image.digest = digest
            return .registry(image)
        case .layout(let path): return .layout(.init(path, digest: digest))
        }
    }

    /// How the images of a layer below are looked for.
    ///
    /// - Throws: as `RepositoryPlace.init`; the errors of a key that cannot be read.
    func twins(of images: LowerImages) throws -> TwinSearch {
        TwinSearch(
            place: try place(of: images.reference), keys: [try key(images.key)], access: access, isOffline: isOffline)
    }

    /// A key that the file names for a layer below.
    ///
    /// - Throws: `CryptographyError`, `SystemError` for one that cannot be read.
    func key(_ path: FilePath) throws -> TrustedKey { try TrustedKey(file: folder.pushing(path)) }

    /// Where a repository is; a relative path is below the layer's folder, as all paths of its file are.
    ///
    /// - Throws: `PackageRepositoryError` for what can be none.
    func place(of reference: SourceReference) throws -> RepositoryPlace {
        let place = try RepositoryPlace(reference)
        guard case .layout(let path) = place else { return place }
        return .layout(folder.pushing(path).lexicallyNormalized())
    }
}
