// Kernels and initrds on their way out of a root filesystem. A file may have several names of which only a later one makes
// it a kernel, so what looks like one is copied beside the image as soon as its content passes by.
import Archives
import ImagePlanning
import LinuxSystem
import SystemPackage
import TreeModel

/// Writes what may become kernel or initrd into the staging folder.
struct BootFileExtraction: ~Copyable {
    /// How the names of copies begin.
    private static let prefix = "boot-file."

    private let staging: FilePath
    private let isTentative: Bool
    private var output: OwnedDescriptor?
    private var target: FilePath = ""
    /// Files in the staging folder by the path that came with the content.
    private var files: [EntryPath: String] = [:]
    private var used: Set<String> = []
    private var kernels: [BootFileChoice.Candidate] = []
    private var initrds: [BootFileChoice.Candidate] = []
    private var staged: [String: String] = [:]

    /// Begins with nothing.
    ///
    /// - Parameter isTentative: whether nobody knows of any file if it has further names, and all may be read again.
    init(staging: FilePath, isTentative: Bool = false) {
        self.staging = staging
        self.isTentative = isTentative
    }

    /// Removes copies that a pass in vain has left.
    ///
    /// - Throws: `SystemError`.
    static func clean(_ staging: FilePath) throws {
        for name in try Folders.names(of: staging) where name.hasPrefix(prefix) {
            try Folders.removeFile(staging.appending(name))
        }
    }

    /// Says whether the content of a file that is kept may be wanted under another of its names.
    func isWanted(_ entry: ArchiveEntry, head: ArraySlice<UInt8>) -> Bool {
        guard let names = entry.furtherNames else {
            // Every file that gzip packed could be an initrd, but hardly one is: reading all again costs less than copies.
            return KernelHeader(head: Array(head)) != nil || !isTentative && InitrdFormat(head: Array(head)) != nil
        }
        return names.contains { RootfsRules.isBootFile(path: $0.description) }
    }

    /// Begins a copy of a file.
    mutating func begin(_ path: EntryPath) throws(ImageAssemblyError) {
        let name = "\(Self.prefix)\(files.count)"
        target = staging.appending(name)
        do throws(Errno) {
            output = try OwnedDescriptor(
                opening: target, .writeOnly, options: [.create, .exclusiveCreate, .noFollow],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch { throw .file("writing", target, error) }
        files[path] = name
    }

    /// Writes the next bytes, when a copy was begun.
    mutating func take(_ bytes: Span<UInt8>) throws(ImageAssemblyError) {
        guard let file = output.descriptor else { return }
        do throws(Errno) { try FileBlock.write(bytes, to: file) } catch { throw .file("writing", target, error) }
    }

    /// Ends the copy.
    mutating func end() { output = nil }

    /// The copy of the file that came under that path; nil when there is none.
    func file(of path: EntryPath) -> FilePath? { files[path].map { staging.appending($0) } }

    /// Whether the content for a further name is there, where it needs one.
    func serves(_ action: RootfsRules.Action, contentOf source: EntryPath) -> Bool {
        switch action {
        case .kernel, .initrd: files[source] != nil
        case .keep, .drop: true
        }
    }

    /// Adds a kernel or an initrd; one whose content nobody copied is none.
    mutating func add(_ path: String, _ action: RootfsRules.Action, contentOf source: EntryPath) {
        guard let name = files[source] else { return }
        switch action {
        case .kernel(let version): kernels.append(.init(version: version, path: path))
        case .initrd(let version): initrds.append(.init(version: version, path: path))
        case .keep, .drop: return
        }
        staged[path] = name
        used.insert(name)
    }

    /// Looks into the kernels, removes copies that nobody needs, and returns what was found: kernels, initrds, and the names
    /// of their files by path.
    ///
    /// - Throws: `SystemError` when a copy cannot be read or removed.
    mutating func finish() throws -> (
        kernels: [BootFileChoice.Candidate], initrds: [BootFileChoice.Candidate], staged: [String: String]
    ) {
        for name in files.values where !used.contains(name) { try Folders.removeFile(staging.appending(name)) }
        for index in kernels.indices {
            guard let name = staged[kernels[index].path] else { continue }
            kernels[index].header = try Self.header(of: staging.appending(name))
        }
        return (kernels, initrds, staged)
    }

    /// The header of a kernel, or of what is in it when it is compressed as a whole, as GRUB unpacks it.
    private static func header(of file: FilePath) throws -> KernelHeader? {
        let length = KernelImageVersion.headLength
        let head = try FileRange.read(file, at: 0, count: length)
        if let header = KernelHeader(head: head) { return header }
        guard InitrdFormat(head: head) == .gzip else { return nil }
        // One that cannot be unpacked is no kernel.
        return (try? DecompressedFile.head(of: file, count: length)).flatMap { KernelHeader(head: $0) }
    }
}

/// Remembers what became of the first names of files, for the names that follow.
struct HardLinkTargets {
    /// What became of a file.
    enum Fate {
        /// It is in the image, under that name.
        case kept(EntryPath)
        /// It was left out.
        case dropped(ArchiveEntry)
        /// It was left out, and is a kernel or an initrd.
        case bootFile
    }

    private var dropped: [EntryPath: ArchiveEntry] = [:]
    private var bootFiles: Set<EntryPath> = []
    private var places: [EntryPath: EntryPath] = [:]
    private var aliases: [EntryPath: EntryPath] = [:]

    /// Remembers a file that was left out.
    mutating func drop(_ entry: ArchiveEntry, isBootFile: Bool) {
        if isBootFile { bootFiles.insert(entry.path) } else { dropped[entry.path] = entry }
    }

    /// Remembers a further name that was left out.
    mutating func alias(_ path: EntryPath, of target: EntryPath) { aliases[path] = target }

    /// Remembers that a file that was left out is in the image all the same.
    mutating func revive(_ path: EntryPath, at place: EntryPath) {
        dropped[path] = nil
        places[path] = place
    }

    /// What became of the file of that name.
    func fate(of target: EntryPath) -> Fate {
        let first = aliases[target] ?? target
        if bootFiles.contains(first) { return .bootFile }
        if let entry = dropped[first] { return .dropped(entry) }
        return .kept(places[first] ?? first)
    }
}
