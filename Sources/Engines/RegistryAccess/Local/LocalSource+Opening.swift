import ImageModel
import LinuxSystem
package import RegistryModel
package import SystemPackage

extension LocalSource {
    /// Whether a file is an archive of container images or a medium, and not an archive of a root filesystem.
    ///
    /// - Throws: `SystemError` when it cannot be read.
    package static func isContainer(_ path: FilePath) throws -> Bool { try LocalContent.isContainer(path) }

    /// The entry whose path exists: a file may have a colon in its name, as `os:1.0.iso`.
    ///
    /// - Parameter kind: what the text was taken for.
    /// - Throws: `RegistryError` when there is neither, `SystemError` when it cannot be found out.
    package static func present(
        _ entry: SourceReference.Entry, as kind: String
    ) throws -> SourceReference.Entry {
        if try FileStatus.of(entry.path) != nil { return entry }
        if let tag = entry.tag {
            let whole = SourceReference.Entry(FilePath("\(entry.path):\(tag)"), digest: entry.digest)
            if try FileStatus.of(whole.path) != nil { return whole }
        }
        throw RegistryError.source(
            .notFound, entry.path.string, "taken for \(kind): there is no such file or folder",
            remedy: "Check the path; an image in a registry is written oci://host/repository:tag.")
    }

    /// Opens a source that needs no network.
    ///
    /// - Throws: `RegistryError` when there is no image or not one alone, or it is in a registry; `RegistryModelError` or `ManifestError` when its
    ///   documents are malformed, `SystemError` when something cannot be read.
    package init(opening reference: SourceReference) throws {
        self.init(try LocalContent(opening: reference), subject: reference.description)
    }
}

extension LocalContent {
    init(opening reference: SourceReference) throws {
        let present = { (entry: SourceReference.Entry) in try LocalSource.present(entry, as: reference.kind) }
        switch reference {
        case .registry:
            throw RegistryError.source(
                .local, reference.description, "it is in a registry, not on this machine",
                remedy: "Copy it here first, as with 'skopeo copy docker://… oci:PATH'.")
        case .layout(let entry):
            let entry = try present(entry)
            self = try Self.layout(FileCatalog(folder: entry.path), entry)
        case .archive(let entry): self = try Self.archive(try present(entry))
        case .imageDirectory(let path):
            self = try Self.image(FileCatalog(folder: try present(SourceReference.Entry(path)).path))
        case .iso(let entry): self = try Self.medium(try present(entry))
        case .file(let entry): self = try Self.whatever(try present(entry))
        }
    }

    private static func layout(_ catalog: FileCatalog, _ entry: SourceReference.Entry) throws -> LocalContent {
        let layout = try LayoutFolder(catalog)
        return LocalContent(top: try layout.document(try layout.entry(entry)), store: .layout(layout))
    }

    private static func image(_ catalog: FileCatalog) throws -> LocalContent {
        let artifact = try PublishableImage(catalog)
        return LocalContent(top: artifact.document, store: .collected(documents: [:], blobs: artifact.blobs))
    }

    private static func archive(_ entry: SourceReference.Entry) throws -> LocalContent {
        let source = try ByteSource(entry.path)
        try refuseCompressed(source)
        let catalog = FileCatalog(origin: entry.path, files: try TarTable.files(in: source))
        if try catalog.file("index.json") != nil { return try layout(catalog, entry) }
        if try catalog.folders(with: imageMarks) == [""] { return try checked(image(catalog), entry) }
        if try catalog.file("manifest.json") != nil { return try DockerArchive(catalog).content(entry) }
        throw RegistryError.unsuitable(
            entry.path, "the archive has neither index.json nor manifest.json",
            remedy: "Write it with 'skopeo copy … oci-archive:PATH' or 'docker save'.")
    }

    private static func medium(_ entry: SourceReference.Entry) throws -> LocalContent {
        let source = try ByteSource(entry.path)
        return try searched(FileCatalog(origin: entry.path, files: try ISOTable.files(in: source)), entry)
    }

    /// What tells an image directory.
    private static let imageMarks = [ImageFile.manifest.rawValue, ImageFile.root.rawValue]
    /// What tells an OCI layout.
    private static let layoutMarks = ["index.json", "oci-layout"]

    /// Takes the only layout or image directory, however deep it lies; the shallowest when there are several.
    private static func searched(_ catalog: FileCatalog, _ entry: SourceReference.Entry) throws -> LocalContent {
        let layouts = try catalog.folders(with: layoutMarks)
        let images = entry.tag == nil ? try catalog.folders(with: imageMarks) : []
        if let layout = layouts.first, images.isEmpty || layouts.count == 1 {
            return try Self.layout(catalog.below(layout), entry)
        }
        guard let folder = images.first else {
            throw RegistryError.unsuitable(
                entry.path, "it holds neither an OCI layout nor a folder with an image",
                remedy: "Name a medium that boatyard made, or a folder with \(imageMarks.joined(separator: " and ")).")
        }
        guard images.count == 1 else {
            throw RegistryError.source(
                .notFound, entry.path.string, "it holds \(images.count) images: \(images.joined(separator: ", "))",
                remedy: "Mount it and name the folder, as in dir:PATH.")
        }
        return try checked(image(catalog.below(folder)), entry)
    }

    /// Refuses an image directory that is not the one whose digest was given.
    private static func checked(_ content: LocalContent, _ entry: SourceReference.Entry) throws -> LocalContent {
        guard let digest = entry.digest, digest != content.top.digest else { return content }
        throw RegistryError.source(
            .notFound, entry.path.string, "the image there is \(content.top.digest.registryText)",
            remedy: "Check which image you want.")
    }

    /// Decides by what is there.
    private static func whatever(_ entry: SourceReference.Entry) throws -> LocalContent {
        if try FileStatus.of(entry.path)?.kind == .directory {
            return try searched(FileCatalog(folder: entry.path), entry)
        }
        let source = try ByteSource(entry.path)
        return try isMedium(source) ? medium(entry) : archive(entry)
    }

    /// Whether a file is an archive of container images or a medium, and not one of a root filesystem.
    static func isContainer(_ path: FilePath) throws -> Bool {
        let source = try ByteSource(path)
        if try isMedium(source) { return true }
        guard TarTable.isHeader(try source.bytes(at: 0, count: min(512, source.size))) else { return false }
        do {
            let catalog = FileCatalog(origin: path, files: try TarTable.files(in: source))
            return try DockerArchive(catalog).isOne || catalog.folders(with: layoutMarks).first == ""
        } catch is RegistryError {
            // One that is damaged, or has too many files, is for the reader of root filesystems to judge.
            return false
        }
    }

    private static func isMedium(_ source: ByteSource) throws -> Bool {
        guard source.size >= 17 * ISOTable.sector else { return false }
        return ISOTable.isDescriptor(try source.bytes(at: 16 * ISOTable.sector, count: ISOTable.sector))
    }

    private static func refuseCompressed(_ source: ByteSource) throws {
        let head = try source.bytes(at: 0, count: min(512, source.size))
        let magics: [(name: String, bytes: [UInt8])] = [
            ("gzip", [0x1F, 0x8B]), ("zstd", [0x28, 0xB5, 0x2F, 0xFD]), ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A]),
            ("bzip2", Array("BZh".utf8)),
        ]
        for magic in magics where head.starts(with: magic.bytes) {
            throw RegistryError.unsuitable(
                source.path, "it is compressed with \(magic.name), so that no part of it can be read alone",
                remedy: "Decompress it first with '\(magic.name) -d'; the layers in it stay compressed.")
        }
        guard TarTable.isHeader(head) else {
            throw RegistryError.unsuitable(
                source.path, "it is neither a tar archive nor an ISO 9660 filesystem",
                remedy: "Name an OCI layout, an archive of one, an ISO file or a folder with an image.")
        }
    }
}
