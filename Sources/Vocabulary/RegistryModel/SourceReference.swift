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
    /// `oci-archive:PATH[:tag]` or `docker-archive:PATH[:tag]`: a tar archive with an OCI layout, or of `docker save`.
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

    /// What the text was taken for, with an article, for a message about something that is not there.
    package var kind: String {
        switch self {
        case .registry: "an image in a registry"
        case .layout: "the folder of an OCI layout"
        case .archive: "an archive"
        case .imageDirectory: "the folder of an image"
        case .iso: "an ISO file"
        case .file: "a file or folder"
        }
    }
}

extension SourceReference {
    /// Reads a source as people type it; the one grammar of both programs.
    ///
    /// `oci://`, `oci:`, `oci-layout:`, `oci-archive:`, `docker-archive:`, `dir:`, `iso:` and `file:` say what follows. A
    /// text that begins with `/`, `./` or `../` is a path. Any other is an image in a registry when it begins with a host,
    /// and else a path when something of that name is there. Paths are taken as they are.
    ///
    /// - Parameter exists: says whether a relative path names something on this machine.
    /// - Throws: `RegistryModelError` for an unknown scheme, a malformed reference, an empty path, and a text that could
    ///   be both; it says what the text was taken for.
    package init(parsing text: String, exists: (FilePath) -> Bool = { _ in false }) throws(RegistryModelError) {
        let isPath = ["/", "./", "../"].contains { text.hasPrefix($0) } || text == "." || text == ".."
        if isPath {
            self = .file(try Self.entry(text[...], of: text))
        } else if text.contains("://"), !text.hasPrefix("file://") {
            self = .registry(try Self.registry(text))
        } else if let source = try Self.local(text) {
            self = source
        } else {
            self = try Self.bare(text, exists: exists)
        }
    }

    /// A word without a scheme.
    private static func bare(
        _ text: String, exists: (FilePath) -> Bool
    ) throws(RegistryModelError) -> SourceReference {
        let entry = try? Self.entry(text[...], of: text)
        let names = entry.map { [$0.path, FilePath(text)] } ?? []
        guard let entry, names.contains(where: exists) else { return .registry(try registry(text)) }
        guard (try? ImageReference(parsing: text)) == nil else {
            throw RegistryModelError(
                .reference, "reading the source", text.quoted,
                cause: "it may be an image in a registry, and there is a file or folder of that name",
                remedy: "Write oci://\(text) for the registry, or ./\(text) for what is here.")
        }
        return .file(entry)
    }

    private static func registry(_ text: String) throws(RegistryModelError) -> ImageReference {
        do throws(RegistryModelError) { return try ImageReference(parsing: text) } catch {
            if let scheme = unknownScheme(text) {
                throw RegistryModelError(
                    .reference, "reading the source", text.quoted,
                    cause: "'\(scheme):' is no kind of source",
                    remedy: "Known are \(schemes.joined(separator: ", ")), and a path that begins with / or ./.")
            }
            throw RegistryModelError(
                .reference, error.operation, error.subject,
                cause: "taken for an image in a registry: \(error.cause)",
                remedy: "\(error.remedy) A path begins with / or ./ or file:.", underlying: error)
        }
    }

    /// The kinds of sources as they are written.
    private static let schemes = [
        "oci://", "oci:", "oci-layout:", "oci-archive:", "docker-archive:", "dir:", "iso:", "file:",
    ]

    /// A word before a colon that is no host with a port and no name with a tag.
    private static func unknownScheme(_ text: String) -> Substring? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let (word, rest) = (text[..<colon], text[text.index(after: colon)...])
        let isWord = !word.isEmpty && word.utf8.allSatisfy { isLowerCase($0) || $0 == UInt8(ascii: "-") }
        return isWord && !rest.hasPrefix("//") && (rest.contains("/") || rest.contains(":")) ? word : nil
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
                .reference, "reading the source", text.quoted,
                cause: rest.isEmpty ? "a path is missing after the scheme" : "its path is too long, or has a zero byte",
                remedy: "Write the path, as in dir:/media/stick/image; a registry is written oci://host/repository:tag."
            )
        }
        return FilePath(String(rest))
    }
}
