package import ImageModel
package import RegistryModel

/// Stores manifests and blobs, and can say what it has and forget it: what a repository of packages is kept in.
package protocol RepositoryTarget: BlobTarget, ~Copyable {
    /// Says whether a manifest or index of that digest is there; its content is not looked at.
    mutating func hasManifest(_ digest: Digest) throws -> Bool

    /// Stores a blob without asking first whether it is there.
    mutating func pushNew(_ blob: Descriptor, _ content: BlobContent) throws

    /// The names of all tags, sorted; none where there is no repository yet.
    mutating func tags() throws -> [String]

    /// Forgets a manifest or index and every tag of it; one that is not there is no error.
    ///
    /// - Throws: an error that says so in words where the place does not let anybody remove anything.
    mutating func remove(manifest digest: Digest) throws

    /// Says that much is going to be stored: a layout then names it only when `commit` is called, all at once.
    mutating func gather() throws

    /// Makes what was stored since `gather` last, and names it; a registry has done so with each request.
    mutating func commit() throws
}

extension RegistryClient: RepositoryTarget {
    /// Nothing: every request of a registry counts at once.
    package mutating func gather() {}

    /// Nothing: every request of a registry counts at once.
    package mutating func commit() {}
}

extension LayoutTarget: RepositoryTarget {}
