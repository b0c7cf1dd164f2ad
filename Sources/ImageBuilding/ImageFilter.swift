// Lets the files of a root filesystem through to the image, takes out kernel and initrd, and remembers what the manifest
// and the checks need. One pass, constant memory beside names.
import Archives
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Streams a root filesystem through the rules into a tar stream.
struct ImageFilter {
    /// What was found on the way.
    struct Findings {
        var kernels: [BootFileChoice.Candidate] = []
        var initrds: [BootFileChoice.Candidate] = []
        /// Content of small files by path: os-release and keys.
        var texts: [String: [UInt8]] = [:]
        var hasInit = false
        var architecture: String?
        var notes = ArchiveNotes()
    }

    /// The most bytes kept of a small file.
    private static let textLimit = 64 << 10
    /// Attribute namespaces that squashfs can hold.
    private static let namespaces = ["user.", "trusted.", "security."].map { Array($0.utf8) }

    private let staging: FilePath
    private let latest: Int64?
    private let progress: (ImageProgress) -> Void
    private var writer: PaxWriter
    private var findings = Findings()
    private var seen: Set<String> = []
    private var dropped: Set<EntryPath> = []
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)
    private var done = 0

    /// Prepares a pass.
    ///
    /// - Parameters:
    ///   - staging: where kernels and initrds go, under `name(of:)`.
    ///   - latest: the time to which newer ones are clamped.
    init(staging: FilePath, latest: Int64?, writer: PaxWriter, progress: @escaping (ImageProgress) -> Void) {
        self.staging = staging
        self.latest = latest
        self.writer = writer
        self.progress = progress
    }

    /// The file in the staging folder that holds a kernel or initrd found at a path.
    static func name(of candidate: BootFileChoice.Candidate) -> String {
        "boot-file." + String(candidate.path.map { $0 == "/" ? "+" : $0 })
    }

    /// Runs the pass to its end.
    mutating func run(_ source: inout some EntrySource & ~Copyable) throws -> Findings {
        while let entry = try source.next() { try take(entry, from: &source) }
        for folder in RootfsRules.mountPoints where !seen.contains(folder.path) {
            guard let path = EntryPath(normalizing: folder.path.utf8) else { continue }
            let entry = ArchiveEntry(
                path: path, kind: .directory, permissions: folder.permissions, modified: latest ?? 0)
            try writer.begin(entry)
        }
        try writer.finish()
        findings.notes.add(source.notes)
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
            throw ImageBuildError(
                "packing", path, "it is a hard link to '\(target)', which is not part of the root image",
                remedy: "Make it a file of its own")
        }
        try writer.begin(normalized(entry))
        var head: [UInt8] = []
        let isText = RootfsRules.isKey(path: path) || RootfsRules.osReleases.contains(path)
        let limit = isText ? Self.textLimit : 20
        while case let count = try source.read(into: &buffer), count > 0 {
            if head.count < limit { head += buffer.prefix(min(count, limit - head.count)) }
            try writer.write(count == buffer.count ? buffer : Array(buffer.prefix(count)))
            advance(count)
        }
        if isText, case .regular = entry.kind { findings.texts[path] = head }
        if findings.architecture == nil { findings.architecture = ImageArchitecture.of(elf: head) }
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

    private mutating func extract(
        _ candidate: BootFileChoice.Candidate, _ path: EntryPath, from source: inout some EntrySource & ~Copyable
    ) throws {
        dropped.insert(path)
        let target = staging.appending(Self.name(of: candidate))
        do throws(Errno) {
            let file = try OwnedDescriptor(
                opening: target, .writeOnly, options: [.create, .exclusiveCreate], permissions: ImageStaging.fileMode)
            let descriptor = file.descriptor
            try copy(to: descriptor, from: &source)
            try file.close()
        } catch {
            throw ImageBuildError.file("writing", target, error)
        }
    }

    /// Copies the current entry's content; an error of the source counts as one of the medium.
    private mutating func copy(
        to file: FileDescriptor, from source: inout some EntrySource & ~Copyable
    ) throws(Errno) {
        while true {
            let count = try catchingErrno { try source.read(into: &buffer) }
            if count == 0 { return }
            let part = buffer.prefix(count)
            _ = try catchingErrno { try file.writeAll(part) }
            advance(count)
        }
    }

    private mutating func advance(_ count: Int) {
        done += count
        progress(ImageProgress("packing files", done: done))
    }
}
