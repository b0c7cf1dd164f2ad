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
