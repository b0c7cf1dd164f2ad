import Faults
package import ImageModel
package import SystemPackage

/// Names where an image comes from; what people type after `lifeboot upgrade`.
package enum SourceReference: Hashable, Sendable, CustomStringConvertible {
    /// Names an image inside an OCI layout, in a folder or in an archive.
    package struct Entry: Hashable, Sendable, CustomStringConvertible {
        /// The folder or archive.
        package var path: FilePath
        /// The name of the image in it (`org.opencontainers.image.ref.name`); nil when there is only one.
        package var tag: String?
        /// The digest that the image must have.
        package var digest: Digest?

        /// Names an image.
        package init(_ path: FilePath, tag: String? = nil, digest: Digest? = nil) {
            self.path = path
            self.tag = tag
            self.digest = digest
        }

        /// The path with tag and digest; a slash after a path that ends like a tag keeps the two apart.
        package var description: String {
            let end = path.string.split(separator: ":", omittingEmptySubsequences: false).dropFirst().last
            let isAmbiguous = tag == nil && end.map { ImageReference.isTag(String($0)) } == true
            return path.string + (isAmbiguous ? "/" : "") + (tag.map { ":\($0)" } ?? "")
                + (digest.map { "@\($0.registryText)" } ?? "")
        }
    }

    /// `oci://…`: an image in a registry.
    case registry(ImageReference)
    /// `oci:PATH[:tag]` or `oci-layout:PATH[:tag]`: a folder with an OCI layout.
    case layout(Entry)
    /// `oci-archive:PATH[:tag]`: a tar archive with an OCI layout, or of `docker save`.
    case archive(Entry)
    /// `dir:PATH`: a folder with the files of one image.
    case imageDirectory(FilePath)
    /// `iso:PATH`: an ISO 9660 file with an image directory or an OCI layout.
    case iso(Entry)
    /// `file:PATH` or a path: whatever is there.
    case file(Entry)

    /// The reference as it can be typed.
    package var description: String {
        switch self {
        case .registry(let reference): "oci://\(reference)"
        case .layout(let entry): "oci:\(entry)"
        case .archive(let entry): "oci-archive:\(entry)"
        case .imageDirectory(let path): "dir:\(path)"
        case .iso(let entry): "iso:\(entry)"
        case .file(let entry): "file:\(entry)"
        }
    }

    /// Whether reading it needs no network.
    package var isLocal: Bool { if case .registry = self { false } else { true } }
}

extension SourceReference {
    /// Reads a source as people type it; paths are taken as they are.
    ///
    /// - Throws: `RegistryModelError` for an unknown scheme, a malformed reference and an empty path.
    package init(parsing text: String) throws(RegistryModelError) {
        let isPath = ["/", "./", "../"].contains { text.hasPrefix($0) } || text == "." || text == ".."
        if isPath {
            self = .file(try Self.entry(text[...], of: text))
        } else if text.contains("://"), !text.hasPrefix("file://") {
            self = .registry(try ImageReference(parsing: text))
        } else if let source = try Self.local(text) {
            self = source
        } else {
            self = .registry(try ImageReference(parsing: text))
        }
    }

    /// The source for a scheme that names something on this machine; nil when there is no such scheme.
    private static func local(_ text: String) throws(RegistryModelError) -> SourceReference? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon] {
        case "oci", "oci-layout": return .layout(try entry(rest, of: text))
        case "oci-archive", "docker-archive": return .archive(try entry(rest, of: text))
        case "dir": return .imageDirectory(try path(rest, of: text))
        case "iso": return .iso(try entry(rest, of: text))
        case "file": return .file(try entry(rest, of: text))
        default: return nil
        }
    }

    /// Splits `PATH[:tag][@sha256:…]`; a colon that a slash follows belongs to the path.
    private static func entry(_ rest: Substring, of text: String) throws(RegistryModelError) -> Entry {
        var rest = rest
        var digest: Digest?
        if let at = rest.lastIndex(of: "@"), let found = Digest(registryText: String(rest[rest.index(after: at)...])) {
            digest = found
            rest = rest[..<at]
        }
        guard let colon = rest.lastIndex(of: ":"), ImageReference.isTag(String(rest[rest.index(after: colon)...]))
        else {
            return Entry(try path(rest, of: text), digest: digest)
        }
        let tag = String(rest[rest.index(after: colon)...])
        return Entry(try path(rest[..<colon], of: text), tag: tag, digest: digest)
    }

    private static func path(_ rest: Substring, of text: String) throws(RegistryModelError) -> FilePath {
        guard !rest.isEmpty, rest.utf8.count <= 4_096, !rest.utf8.contains(0) else {
            throw RegistryModelError(
                .reference, "reading the source", text.quoted, cause: "a path is missing after the scheme",
                remedy: "Write the path, as in dir:/media/stick/image; a registry is written oci://host/repository:tag."
            )
        }
        return FilePath(String(rest))
    }
}
