// Lets the files of a root filesystem through to the image, takes out kernel and initrd, and remembers what the manifest
// and the checks need. One pass, constant memory beside names.
package import Archives
import Faults
import ImagePlanning
import LinuxSystem
package import RegistryModel
package import Squashfs
package import SystemPackage
import TreeModel

/// Streams a root filesystem through the rules into a squashfs.
package struct RootPacker: ~Copyable {
    /// Entries after which the caller is asked whether to go on; many have no content.
    private static let entryInterval = 1_024
    /// Attribute namespaces that squashfs can hold.
    private static let namespaces = ["user.", "trusted.", "security."].map { Array($0.utf8) }

    private let latest: Int64?
    private let progress: (TransferProgress) throws -> Void
    private var writer: SquashfsWriter?
    private var comparison: InitrdComparison?
    private let observer: (any RootObserver)?
    private let isTentative: Bool
    private var extraction: BootFileExtraction
    private var findings = RootFindings()
    private var seen: Set<String> = []
    private var links = HardLinkTargets()
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)
    private var done = 0
    private var entries = 0

    /// Prepares a pass.
    ///
    /// - Parameters:
    ///   - staging: where kernels and initrds go, under the names in the findings.
    ///   - latest: the time in seconds since 1970 to which newer ones are clamped; nil keeps them.
    ///   - writer: takes the files; nil only looks at them.
    ///   - comparison: is shown what lies in an initrd as well; counts where the tree has no kernel.
    ///   - observer: is shown what goes into the image; what it throws ends the pass.
    ///   - isTentative: whether the source does not tell further names of files, and may be read again. Then the pass ends
    ///     with an `ArchiveError` of the kind `unsettled` at a name that asks for content that has passed by.
    ///   - progress: is told how far the pass is; what it throws ends the pass.
    package init(
        staging: FilePath, latest: Int64?, writer: consuming SquashfsWriter?, comparison: InitrdComparison? = nil,
        observer: (any RootObserver)? = nil, isTentative: Bool = false,
        progress: @escaping (TransferProgress) throws -> Void
    ) {
        self.latest = latest
        self.writer = writer
        self.comparison = comparison
        self.observer = observer
        self.isTentative = isTentative
        self.progress = progress
        extraction = BootFileExtraction(staging: staging, isTentative: isTentative)
    }

    /// Runs the pass to its end; the squashfs is complete then.
    ///
    /// - Throws: the errors of the source and of the squashfs, `ImageAssemblyError` for a tree that cannot be packed, and
    ///   what `progress` throws.
    package mutating func run(_ source: inout some EntrySource & ~Copyable) throws -> RootFindings {
        do { return try pack(&source) } catch let error as SquashfsError where isTentative && error.kind == .entry {
            // A name that comes twice, or a hard link to nothing: what is wrong with it, if anything is, another pass tells.
            throw ArchiveError.unsettled(.root)
        }
    }

    private mutating func pack(_ source: inout some EntrySource & ~Copyable) throws -> RootFindings {
        while let entry = try source.next() { try take(entry, from: &source) }
        for folder in RootfsRules.mountPoints where !seen.contains(folder.path) {
            let attributes = SquashfsAttributes(
                permissions: folder.permissions, modified: UInt32(clamping: latest ?? 0))
            try writer?.add(.directory, at: Array(folder.path.utf8), attributes)
        }
        _ = try writer?.finish()
        (findings.kernels, findings.initrds, findings.staged) = try extraction.finish()
        findings.notes.add(source.notes)
        if findings.kernels.isEmpty { for note in comparison?.notes ?? [] { findings.notes.add(note) } }
        return findings
    }

    private mutating func take(_ entry: ArchiveEntry, from source: inout some EntrySource & ~Copyable) throws {
        entries += 1
        if entries.isMultiple(of: Self.entryInterval) { try advance(0) }
        let path = entry.path.bytes.isEmpty ? "" : entry.path.description
        if let top = path.split(separator: "/").first { seen.insert(String(top)) }
        findings.record(entry, at: path)
        let action = RootfsRules.action(path: path, kind: kind(entry))
        if case .hardLink(let target) = entry.kind { return try link(entry, path, to: target, action) }
        switch action {
        case .keep: try keep(entry, path, from: &source)
        case .drop: try drop(entry, path, from: &source)
        case .kernel, .initrd: try extract(entry, path, action, from: &source)
        }
    }

    /// The kind by which the rules decide; a further name is that of a file.
    private func kind(_ entry: ArchiveEntry) -> RootfsRules.Kind {
        switch entry.kind {
        case .regular, .hardLink: .regular
        case .symbolicLink: .symbolicLink
        default: .other
        }
    }

    private mutating func keep(
        _ entry: ArchiveEntry, _ path: String, from source: inout some EntrySource & ~Copyable
    ) throws {
        if ContainerLeftovers.isSuspect(path: path), isTentative || entry.furtherNames == [],
            case .regular(0...ContainerLeftovers.sizeLimit) = entry.kind
        {
            return try judge(entry, path, from: &source)
        }
        let kept = normalized(entry)
        try writer?.add(kept)
        if case .symbolicLink(let target) = entry.kind {
            try observer?.symbolicLink(path, to: String(decoding: target, as: UTF8.self))
        }
        guard case .regular(let size) = entry.kind else { return }
        try copy(entry, path, size, from: &source)
    }

    /// Reads a small file, and keeps it unless a container engine left it.
    private mutating func judge(
        _ entry: ArchiveEntry, _ path: String, from source: inout some EntrySource & ~Copyable
    ) throws {
        var content: [UInt8] = []
        while case let count = try source.read(into: &buffer), count > 0 {
            content += buffer.prefix(count)
            try advance(count)
        }
        guard content.count == entry.contentSize else {
            throw changed(path, by: Int64(content.count) - entry.contentSize)
        }
        if let note = ContainerLeftovers.note(path: path, content: content) {
            findings.notes.add(note)
            return links.drop(entry, isBootFile: false)
        }
        let kept = normalized(entry)
        try writer?.add(kept)
        try writer?.write(content.span)
        try writer?.endFile()
        try observer?.begin(path, hasFurtherNames: entry.furtherNames != [])
        try observer?.take(content.span)
        try observer?.end()
    }

    private mutating func copy(
        _ entry: ArchiveEntry, _ path: String, _ size: Int64, from source: inout some EntrySource & ~Copyable
    ) throws {
        var head = FileHead(path: path)
        var left = size
        var buffer = takeBuffer()
        defer { swap(&buffer, &self.buffer) }
        comparison?.begin(path)
        try observer?.begin(path, hasFurtherNames: entry.furtherNames != [])
        while case let count = try source.read(into: &buffer), count > 0 {
            if head.isEmpty, extraction.isWanted(entry, head: buffer.prefix(count)) {
                try extraction.begin(entry.path)
            }
            head.take(buffer, count)
            try writer?.write(buffer.span.extracting(0..<count))
            comparison?.take(buffer.span.extracting(0..<count))
            try observer?.take(buffer.span.extracting(0..<count))
            try extraction.take(buffer.span.extracting(0..<count))
            left -= Int64(count)
            try advance(count)
        }
        guard left == 0 else { throw changed(path, by: -left) }
        try writer?.endFile()
        comparison?.end()
        try observer?.end()
        extraction.end()
        if head.isText { try findings.record(text: head.bytes, at: path) }
        findings.record(head: head.bytes, at: path)
    }

    private func changed(_ path: String, by bytes: Int64) -> ImageAssemblyError {
        ImageAssemblyError(
            .damaged, "packing", path, "it has \(abs(bytes)) bytes \(bytes > 0 ? "more" : "fewer") than it should",
            remedy: "Do not change the tree while it is packed, or make the archive again.")
    }

    /// Clamps the time and leaves out attributes that squashfs cannot hold.
    private mutating func normalized(_ entry: ArchiveEntry) -> ArchiveEntry {
        var entry = entry
        entry.modified = max(0, min(entry.modified, latest ?? Int64(UInt32.max)))
        let count = entry.attributes.count
        entry.attributes.removeAll { attribute in !Self.namespaces.contains { attribute.name.starts(with: $0) } }
        if entry.attributes.count < count { findings.notes.add("attributes outside user, trusted, security left out") }
        return entry
    }

    /// Lends the buffer: a span of the stored one would keep all of this borrowed.
    private mutating func takeBuffer() -> [UInt8] {
        var buffer: [UInt8] = []
        swap(&buffer, &self.buffer)
        return buffer
    }

    private mutating func advance(_ count: Int) throws {
        done += count
        try progress(TransferProgress("packing files", done: done))
    }
}

// MARK: What is not kept, and files with several names

extension RootPacker {
    /// Writes a kernel or initrd into the staging folder.
    private mutating func extract(
        _ entry: ArchiveEntry, _ path: String, _ action: RootfsRules.Action,
        from source: inout some EntrySource & ~Copyable
    ) throws {
        links.drop(entry, isBootFile: true)
        try extraction.begin(entry.path)
        try extractContent(from: &source)
        extraction.add(path, action, contentOf: entry.path)
    }

    /// Leaves a file out, but keeps its content where it has another name that may need it.
    private mutating func drop(
        _ entry: ArchiveEntry, _ path: String, from source: inout some EntrySource & ~Copyable
    ) throws {
        links.drop(entry, isBootFile: false)
        if let note = ContainerLeftovers.note(ofMark: path) { findings.notes.add(note) }
        guard case .regular = entry.kind, entry.furtherNames != [], !isTentative else { return }
        try extraction.begin(entry.path)
        try extractContent(from: &source)
    }

    private mutating func extractContent(from source: inout some EntrySource & ~Copyable) throws {
        var buffer = takeBuffer()
        defer { swap(&buffer, &self.buffer) }
        while case let count = try source.read(into: &buffer), count > 0 {
            try extraction.take(buffer.span.extracting(0..<count))
            try advance(count)
        }
        extraction.end()
    }

    /// Takes a further name of a file.
    ///
    /// Each name has its rule, whichever of them came first with the content.
    private mutating func link(
        _ entry: ArchiveEntry, _ path: String, to target: EntryPath, _ action: RootfsRules.Action
    ) throws {
        guard case .keep = action else {
            if let note = ContainerLeftovers.note(ofMark: path) { findings.notes.add(note) }
            if isTentative, !extraction.serves(action, contentOf: target) { throw ArchiveError.unsettled(entry.path) }
            extraction.add(path, action, contentOf: target)
            return links.alias(entry.path, of: target)
        }
        switch links.fate(of: target) {
        case .kept(let place):
            var entry = normalized(entry)
            entry.kind = .hardLink(target: place)
            try writer?.add(entry)
            try observer?.hardLink(path, to: place.description)
        case .dropped where isTentative, .bootFile where isTentative: throw ArchiveError.unsettled(entry.path)
        case .dropped(let dropped):
            guard let file = extraction.file(of: dropped.path) else { throw leadsOutside(path, target) }
            try revive(dropped, file, at: entry.path)
        case .bootFile: throw leadsOutside(path, target)
        }
    }

    private func leadsOutside(_ path: String, _ target: EntryPath) -> ImageAssemblyError {
        .unsuitable(
            "packing", path, "it is a hard link to '\(target)', which is not part of the root image",
            remedy: "Make it a file of its own.")
    }

    /// Puts a file that was left out under one name into the image under another.
    private mutating func revive(_ dropped: ArchiveEntry, _ file: FilePath, at path: EntryPath) throws {
        var revived = normalized(dropped)
        revived.path = path
        try writer?.add(revived)
        try observer?.begin(path.description, hasFurtherNames: true)
        var buffer = takeBuffer()
        defer { swap(&buffer, &self.buffer) }
        do {
            let input = try OwnedDescriptor(opening: file)
            while case let count = try FileBlock.read(input.descriptor, into: &buffer), count > 0 {
                try writer?.write(buffer.span.extracting(0..<count))
                try observer?.take(buffer.span.extracting(0..<count))
            }
        } catch let error as Errno { throw ImageAssemblyError.file("reading", file, error) }
        try writer?.endFile()
        try observer?.end()
        links.revive(dropped.path, at: path)
    }
}
