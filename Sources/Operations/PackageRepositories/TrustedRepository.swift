import Faults
package import RegistryModel

/// A repository to choose packages from: where it is, whose signature counts, and which index is taken.
package struct TrustedRepository: Sendable {
    /// Where it is.
    package var place: RepositoryPlace
    /// Whose signature counts, and what was seen before.
    package var reader: RepositoryReader
    /// Which index is taken.
    package var selection: RepositoryReader.Selection

    /// Describes a repository.
    package init(
        _ place: RepositoryPlace, _ reader: RepositoryReader, _ selection: RepositoryReader.Selection = .newest
    ) {
        self.place = place
        self.reader = reader
        self.selection = selection
    }

    /// Opens its index.
    ///
    /// - Parameter isOffline: whether no registry may be asked.
    /// - Throws: `PackageRepositoryError` (`offline`) for one in a registry then; as `RepositoryPlace.open` and
    ///   `RepositoryReader.open`.
    package func open(_ access: RegistryConfiguration, isOffline: Bool) throws -> RepositoryReader.Opened {
        if isOffline, case .registry = place {
            throw PackageRepositoryError(
                .offline, "reading the repository", "\(place)", cause: "it is in a registry, and --offline asks nobody",
                remedy: "Leave --offline out, or name a layout that 'boatyard repository pull' made.")
        }
        var target = try place.open(access)
        return try reader.open(selection, of: place.reference, in: &target)
    }
}
