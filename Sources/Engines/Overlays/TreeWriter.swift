package import Archives
import LinuxSystem
package import SystemPackage
import TreeModel

/// Writes the entries of an archive, of one layer over others, or of a container, into a folder that nobody else writes to.
///
/// No link of an entry leads out of the folder: it is the root of all names.
package struct TreeWriter: ~Copyable {
    /// What becomes of a name that is there already.
    package enum Rule: Sendable {
        /// An archive: a later entry counts; names that begin with `.wh.` take others away, as in layers of containers.
        case archive
        /// A layer of an overlay over those that were copied before; its marks stay, for what lies below them all.
        case layer
        /// What layers of a container came to, over what is there: a folder with something in it stays, and is an error
        /// where something else is to be. Filesystems that are mounted below are written to, too.
        case container
    }

    /// The most entries of one tree.
    static let entryLimit = 1_000_000

    private let root: DirectoryHandle
    private let rule: Rule
    /// What was found on the way that is not an error.
    package private(set) var notes = ArchiveNotes()
    /// Folders with their times, which writing into them changes.
    private var times: [(path: FilePath, seconds: Int64)] = []
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var count = 0

    /// Prepares to write into a folder that is there.
    ///
    /// - Throws: `SystemError` when it is not.
    package init(into place: FilePath, _ rule: Rule) throws {
        root = try DirectoryHandle(root: place, crossesMounts: rule == .container)
        self.rule = rule
    }

    /// Writes all entries of a source.
    ///
    /// - Throws: the error of what cannot be read or written; what was written stays.
    package mutating func write<Source: EntrySource & ~Copyable>(_ source: inout Source) throws {
        while let entry = try source.next() {
            count += 1
            guard count <= Self.entryLimit else {
                throw StackingError.tree(entry.path.description, "there are more than \(Self.entryLimit) entries")
            }
            try take(entry, from: &source)
        }
        for (path, seconds) in times.reversed() where (try? root.directory(path)) != nil {
            try root.directory(path).setModified(.here, seconds)
        }
        times = []
        notes.add(source.notes)
    }

    private mutating func take<Source: EntrySource & ~Copyable>(
        _ entry: ArchiveEntry, from source: inout Source
    ) throws {
        let path = try entry.path.path()
        guard let name = path.lastComponent else {
            times.append((path, entry.modified))
            return try set(entry, .here, in: root.directory(path))
        }
        let folder = try root.makeDirectory(path.removingLastComponent())
        if rule == .archive, try hide(name, in: folder) { return }
        switch entry.kind {
        case .directory: try makeFolder(entry, path, name, in: folder)
        case .characterDevice(0, 0):
            try clear(name, in: folder)
            try folder.makeWhiteout(name)
        case .characterDevice, .blockDevice: notes.add("device nodes are left out")
        default: try make(entry, name, in: folder, from: &source)
        }
    }

    /// Does what a name of a container's layer asks for; false when it is a plain name.
    private func hide(_ name: FilePath.Component, in folder: borrowing DirectoryHandle) throws -> Bool {
        guard name.string.hasPrefix(".wh.") else { return false }
        let hidden = String(name.string.dropFirst(4))
        if hidden == ".wh..opq" {
            try OpaqueFolder.mark(.here, in: folder)
        } else if let place = FilePath.Component(hidden), place.kind == .regular, !hidden.hasPrefix(".wh.") {
            try clear(place, in: folder)
            try folder.makeWhiteout(place)
        }
        return true
    }

    private mutating func makeFolder(
        _ entry: ArchiveEntry, _ path: FilePath, _ name: FilePath.Component, in folder: borrowing DirectoryHandle
    ) throws {
        let old = try folder.status(name)?.kind
        if old != .directory || (rule == .layer && entry.isOpaque) {
            try clear(name, in: folder)
            try Folders.makeNew(folder.mountTarget.appending(name), permissions: 0o700)
        }
        try set(entry, name, in: folder)
        // What was here hid the folders below all layers, so what takes its place must, too.
        if rule == .layer, let old, old != .directory { try OpaqueFolder.mark(name, in: folder) }
        times.append((path, entry.modified))
    }

    private mutating func make<Source: EntrySource & ~Copyable>(
        _ entry: ArchiveEntry, _ name: FilePath.Component, in folder: borrowing DirectoryHandle,
        from source: inout Source
    ) throws {
        if case .hardLink(let target) = entry.kind { return try link(name, to: target.path(), in: folder, entry) }
        try clear(name, in: folder)
        switch entry.kind {
        case .symbolicLink(let target): try folder.makeSymbolicLink(name, to: target)
        case .fifo: try folder.makePipe(name)
        default: try copy(to: try folder.makeFile(name), entry, from: &source)
        }
        try set(entry, name, in: folder)
    }

    private mutating func copy<Source: EntrySource & ~Copyable>(
        to file: consuming OwnedDescriptor, _ entry: ArchiveEntry, from source: inout Source
    ) throws {
        while true {
            let count = try source.read(into: &buffer)
            if count == 0 { break }
            do throws(Errno) { try FileBlock.write(buffer.span.extracting(0..<count), to: file.descriptor) } catch {
                throw SystemError.file("writing", FilePath(entry.path.description), error)
            }
        }
    }

    private func link(
        _ name: FilePath.Component, to target: FilePath, in folder: borrowing DirectoryHandle, _ entry: ArchiveEntry
    ) throws {
        guard let file = target.lastComponent, target != (try entry.path.path()) else {
            throw StackingError.tree(entry.path.description, "it is a hard link to '\(target)'")
        }
        let other = try root.directory(target.removingLastComponent())
        guard let status = try other.status(file), status.kind != .directory else {
            throw StackingError.tree(entry.path.description, "it is a hard link to '\(target)', which is no file")
        }
        try clear(name, in: folder)
        try folder.makeHardLink(name, to: file, in: other)
    }

    /// Takes whatever has a name away.
    private func clear(_ name: FilePath.Component, in folder: borrowing DirectoryHandle) throws {
        if rule == .container, try folder.status(name)?.kind == .directory,
            try !Folders.isEmpty(folder.mountTarget.appending(name))
        {
            throw StackingError.tree(
                folder.path.appending(name).string, "a folder with something in it is in its place")
        }
        try Folders.remove(folder.mountTarget.appending(name), .tree)
    }

    private mutating func set(
        _ entry: ArchiveEntry, _ name: FilePath.Component, in folder: borrowing DirectoryHandle
    ) throws {
        var isLink = false
        if case .symbolicLink = entry.kind { isLink = true }
        let attributes = NodeAttributes(
            owner: Ownership(user: entry.owner, group: entry.group), permissions: entry.permissions,
            modified: entry.modified, extended: try entry.extended())
        if try !folder.setAttributes(of: name, attributes, isLink: isLink) {
            notes.add("extended attributes that memory cannot hold are left out")
        }
    }
}

/// Marks folders that hide those of the same path below them.
private enum OpaqueFolder {
    static func mark(_ name: FilePath.Component, in folder: borrowing DirectoryHandle) throws {
        let place = folder.mountTarget.appending(name)
        guard let status = try FileStatus.of(place, followingLinks: false) else { return }
        let attributes = NodeAttributes(
            owner: status.owner,
            permissions: UInt16(truncatingIfNeeded: status.permissions.rawValue), modified: 0,
            extended: [(OverlayMark.opaque, Array("y".utf8))])
        _ = try folder.setAttributes(of: name, attributes)
    }
}

extension ArchiveEntry {
    /// Whether it is a folder that hides those below it.
    var isOpaque: Bool {
        kind == .directory
            && attributes.contains {
                $0.name.elementsEqual(OverlayMark.opaque.utf8) && $0.value.elementsEqual("y".utf8)
            }
    }

    /// Its extended attributes; of those that overlayfs itself reads only the mark of an opaque folder may be there, since
    /// others would lead it elsewhere.
    func extended() throws -> [(name: String, value: [UInt8])] {
        try attributes.map { attribute in
            let name = String(decoding: attribute.name, as: UTF8.self)
            guard !name.hasPrefix("trusted.overlay.") || name == OverlayMark.opaque else {
                throw StackingError.tree(path.description, "it has the attribute \(name)")
            }
            return (name, attribute.value)
        }
    }
}

extension EntryPath {
    /// The relative path; names that are not UTF-8 have no place in paths of ours.
    func path() throws -> FilePath {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw StackingError.tree(description, "its name is not UTF-8")
        }
        return FilePath(text)
    }
}

extension FilePath.Component {
    /// The directory itself.
    static let here: FilePath.Component = "."
}
