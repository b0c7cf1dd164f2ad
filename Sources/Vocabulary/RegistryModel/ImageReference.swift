import Faults
package import ImageModel

/// Names an image in a registry: `host[:port]/repository[:tag][@sha256:…]`.
package struct ImageReference: Hashable, Sendable, CustomStringConvertible {
    /// What is asked for when a reference names neither tag nor digest.
    package static let defaultTag = "latest"

    /// The registry.
    package var registry: RegistryHost
    /// The repository in the registry, without the host: `vendor/os`.
    package var repository: String
    /// The tag; nil when only a digest is given.
    package var tag: String?
    /// The digest of the document; it is what counts when there is a tag too.
    package var digest: Digest?

    /// Names an image.
    package init(registry: RegistryHost, repository: String, tag: String? = nil, digest: Digest? = nil) {
        self.registry = registry
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }

    /// `host/repository`, as auth files know it.
    package var name: String { "\(registry)/\(repository)" }

    /// What is asked for in the registry: the digest, else the tag, else `latest`.
    package var selector: String { digest?.registryText ?? tag ?? Self.defaultTag }

    /// The reference with everything it names, without `oci://`.
    package var description: String {
        name + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0.registryText)" } ?? "")
    }

    /// The same image by digest alone: what cannot be changed any more.
    package func pinned(to digest: Digest) -> ImageReference {
        ImageReference(registry: registry, repository: repository, digest: digest)
    }
}

extension ImageReference {
    /// Says whether a text is a tag: 1 to 128 letters, digits, `.`, `_`, `-`, not beginning with `.` or `-` (distribution
    /// specification, "Pulling manifests").
    package static func isTag(_ text: String) -> Bool {
        guard (1...128).contains(text.utf8.count), !text.hasPrefix("."), !text.hasPrefix("-") else { return false }
        return text.utf8.allSatisfy {
            isDigit($0) || isLowerCase($0) || isUpperCase($0) || [0x2D, 0x2E, 0x5F].contains($0)
        }
    }

    /// Says whether a text is the name of a repository: words of lower-case letters and digits, joined inside by one `.`,
    /// one or two `_`, or any number of `-`, and by `/` (distribution specification, "Pulling manifests").
    package static func isRepository(_ text: String) -> Bool {
        guard (1...255).contains(text.utf8.count) else { return false }
        return text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(isRepositoryPart)
    }

    private static func isRepositoryPart(_ part: Substring) -> Bool {
        let isWordByte: (UInt8) -> Bool = { isDigit($0) || isLowerCase($0) }
        guard let first = part.utf8.first, let last = part.utf8.last, isWordByte(first), isWordByte(last) else {
            return false
        }
        return part.utf8.split(whereSeparator: isWordByte).allSatisfy { separator in
            separator.allSatisfy { $0 == UInt8(ascii: "-") } || [".", "_", "__"].contains(String(Substring(separator)))
        }
    }
}

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
