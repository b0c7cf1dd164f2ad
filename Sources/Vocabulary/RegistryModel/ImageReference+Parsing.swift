import Faults
import ImageModel

extension ImageReference {
    /// Reads a reference: `oci://host[:port]/repository[:tag][@sha256:…]`.
    ///
    /// Without `oci://` the first part must be recognisable as a host: with a dot, with a port, or `localhost`. Short
    /// names are refused, because which registry they mean depends on the machine.
    ///
    /// - Throws: `RegistryModelError` with what is wrong and how it is written right.
    package init(parsing text: String) throws(RegistryModelError) {
        guard text.utf8.count <= 512 else { throw Self.fault(text, "longer than 512 bytes") }
        let scheme = ["oci://", "docker://"].first { text.hasPrefix($0) }
        guard scheme != nil || !text.contains("://") else {
            throw Self.fault(
                text, "a registry is not named by a web address", remedy: "Write oci://host/repository:tag.")
        }
        let bare = String(text.dropFirst(scheme?.count ?? 0))
        let (named, digest) = try Self.splitDigest(bare, of: text)
        let registry = try Self.host(of: named, isExplicit: scheme != nil, of: text)
        let (repository, tag) = try Self.splitTag(named, of: text)
        let isOfficial = registry.isDockerHub && !repository.contains("/")
        self.init(
            registry: registry, repository: isOfficial ? "library/\(repository)" : repository, tag: tag, digest: digest)
    }

    private static func fault(
        _ text: String, _ cause: String, remedy: String = "Write oci://host[:port]/repository[:tag][@sha256:…]."
    ) -> RegistryModelError {
        RegistryModelError(.reference, "reading the reference", text.quoted, cause: cause, remedy: remedy)
    }

    private static func splitDigest(
        _ bare: String, of text: String
    ) throws(RegistryModelError) -> (named: Substring, digest: Digest?) {
        guard let at = bare.firstIndex(of: "@") else { return (bare[...], nil) }
        guard let digest = Digest(registryText: String(bare[bare.index(after: at)...])) else {
            throw fault(text, "after '@' there must be sha256: and 64 lower-case hexadecimal digits")
        }
        return (bare[..<at], digest)
    }

    private static func host(
        of named: Substring, isExplicit: Bool, of text: String
    ) throws(RegistryModelError) -> RegistryHost {
        let first = String(named.prefix { $0 != "/" })
        let isRecognised = first.contains(".") || first.contains(":") || first == "localhost"
        guard named.contains("/"), isExplicit || isRecognised else {
            if isExplicit { throw fault(text, "a repository is missing after the host") }
            let path = named.contains("/") ? String(named) : "library/\(named)"
            throw fault(
                text, "it does not say which registry it means",
                remedy: "Write the registry in front; for Docker Hub that is docker.io/\(path).")
        }
        guard let registry = RegistryHost(first) else { throw fault(text, "\(first.quoted) is no host with a port") }
        return registry
    }

    private static func splitTag(
        _ named: Substring, of text: String
    ) throws(RegistryModelError) -> (repository: String, tag: String?) {
        let path = named.drop { $0 != "/" }.dropFirst()
        let parts = path.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let repository = parts.first.map(String.init) ?? ""
        guard isRepository(repository) else {
            throw fault(
                text, "\(repository.quoted) is no repository: lower-case letters, digits and single '.', '_', '-', '/'")
        }
        guard parts.count == 2, let tag = parts.last.map(String.init) else { return (repository, nil) }
        guard isTag(tag) else {
            throw fault(text, "\(tag.quoted) is no tag: at most 128 letters, digits, '.', '_', '-'")
        }
        return (repository, tag)
    }
}
