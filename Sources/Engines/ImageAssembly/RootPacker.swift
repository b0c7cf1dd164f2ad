// Lets the files of a root filesystem through to the image, takes out kernel and initrd, and remembers what the manifest
// and the checks need. One pass, constant memory beside names.
package import Archives
package import ImagePlanning
import LinuxSystem
package import RegistryModel
package import Squashfs
package import SystemPackage

/// Streams a root filesystem through the rules into a squashfs.
package struct RootPacker: ~Copyable {
    /// The most bytes kept of a small file.
    private static let textLimit = 64 << 10
    /// Attribute namespaces that squashfs can hold.
    private static let namespaces = ["user.", "trusted.", "security."].map { Array($0.utf8) }

    private let staging: FilePath
    private let latest: Int64?
    private let progress: (TransferProgress) throws -> Void
    private var writer: SquashfsWriter
    private var comparison: InitrdComparison?
    private var findings = RootFindings()
    private var seen: Set<String> = []
    private var dropped: Set<EntryPath> = []
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)
    private var done = 0

    /// Prepares a pass.
    ///
    /// - Parameters:
    ///   - staging: where kernels and initrds go, under `name(of:)`.
    ///   - latest: the time in seconds since 1970 to which newer ones are clamped; nil keeps them.
    ///   - comparison: is shown what lies in an initrd as well.
    ///   - progress: is told how far the pass is; what it throws ends the pass.
    package init(
        staging: FilePath, latest: Int64?, writer: consuming SquashfsWriter, comparison: InitrdComparison? = nil,
        progress: @escaping (TransferProgress) throws -> Void
    ) {
        self.staging = staging
        self.latest = latest
        self.writer = writer
        self.comparison = comparison
        self.progress = progress
    }

    /// The file in the staging folder that holds a kernel or initrd found at a path.
    package static func name(of candidate: BootFileChoice.Candidate) -> String {
        "boot-file." + String(candidate.path.map { $0 == "/" ? "+" : $0 })
    }

    /// Runs the pass to its end; the squashfs is complete then.
    ///
    /// - Throws: the errors of the source and of the squashfs, `ImageAssemblyError` for a tree that cannot be packed, and
    ///   what `progress` throws.
    package mutating func run(_ source: inout some EntrySource & ~Copyable) throws -> RootFindings {
        while let entry = try source.next() { try take(entry, from: &source) }
        for folder in RootfsRules.mountPoints where !seen.contains(folder.path) {
            let attributes = SquashfsAttributes(
                permissions: folder.permissions, modified: UInt32(clamping: latest ?? 0))
            try writer.add(.directory, at: Array(folder.path.utf8), attributes)
        }
        _ = try writer.finish()
        findings.notes.add(source.notes)
        for note in comparison?.notes ?? [] { findings.notes.add(note) }
        return findings
    }

    private mutating func take(_ entry: ArchiveEntry, from source: inout some EntrySource & ~Copyable) throws {
        let path = entry.path.bytes.isEmpty ? "" : entry.path.description
        remember(path, entry)
        switch RootfsRules.action(path: path, kind: kind(entry)) {
        case .keep: try keep(entry, path, from: &source)
        case .drop: dropped.insert(entry.path)
        case .kernel(let version):
            findings.kernels.append(.init(version: version, path: path))
            try extract(.init(version: version, path: path), entry.path, from: &source)
        case .initrd(let version):
            findings.initrds.append(.init(version: version, path: path))
            try extract(.init(version: version, path: path), entry.path, from: &source)
        }
    }

    private mutating func remember(_ path: String, _ entry: ArchiveEntry) {
        if let top = path.split(separator: "/").first { seen.insert(String(top)) }
        if RootfsRules.inits.contains(path) { findings.hasInit = true }
        if RootfsRules.agents.contains(path) { findings.hasAgent = true }
        if path == RootfsRules.localRefusal { findings.refusesLocalSignature = true }
        if let version = RootfsRules.moduleVersion(path: path) { findings.moduleVersions.insert(version) }
    }

    private func kind(_ entry: ArchiveEntry) -> RootfsRules.Kind {
        switch entry.kind {
        case .regular: .regular
        case .symbolicLink: .symbolicLink
        default: .other
        }
    }

    private mutating func keep(
        _ entry: ArchiveEntry, _ path: String, from source: inout some EntrySource & ~Copyable
    ) throws {
        if case .hardLink(let target) = entry.kind, dropped.contains(target) {
            throw ImageAssemblyError.unsuitable(
                "packing", path, "it is a hard link to '\(target)', which is not part of the root image",
                remedy: "Make it a file of its own.")
        }
        let kept = normalized(entry)
        try writer.add(kept)
        guard case .regular(let size) = entry.kind else { return }
        try copy(path, size, from: &source)
    }

    private mutating func copy(
        _ path: String, _ size: Int64, from source: inout some EntrySource & ~Copyable
    ) throws {
        var head: [UInt8] = []
        var left = size
        let isText = RootfsRules.isKey(path: path) || RootfsRules.osReleases.contains(path)
        let limit = isText ? Self.textLimit : 20
        // A span of the stored buffer would keep all of this borrowed.
        var buffer: [UInt8] = []
        swap(&buffer, &self.buffer)
        defer { swap(&buffer, &self.buffer) }
        comparison?.begin(path)
        while case let count = try source.read(into: &buffer), count > 0 {
            if head.count < limit { head += buffer.prefix(min(count, limit - head.count)) }
            try writer.write(buffer.span.extracting(0..<count))
            comparison?.take(buffer.span.extracting(0..<count))
            left -= Int64(count)
            try advance(count)
        }
        guard left == 0 else { throw changed(path, by: -left) }
        try writer.endFile()
        comparison?.end()
        if isText { findings.texts[path] = head }
        if findings.architecture == nil { findings.architecture = ImageArchitecture.of(elf: head) }
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

    /// Writes a kernel or initrd into the staging folder.
    private mutating func extract(
        _ candidate: BootFileChoice.Candidate, _ path: EntryPath, from source: inout some EntrySource & ~Copyable
    ) throws {
        dropped.insert(path)
        let target = staging.appending(Self.name(of: candidate))
        let file: OwnedDescriptor
        do throws(Errno) {
            file = try OwnedDescriptor(
                opening: target, .writeOnly, options: [.create, .exclusiveCreate, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw ImageAssemblyError.file("writing", target, error)
        }
        while case let count = try source.read(into: &buffer), count > 0 {
            do {
                try file.descriptor.writeAll(buffer.prefix(count))
            } catch let error as Errno {
                throw ImageAssemblyError.file("writing", target, error)
            }
            try advance(count)
        }
    }

    private mutating func advance(_ count: Int) throws {
        done += count
        try progress(TransferProgress("packing files", done: done))
    }
}
