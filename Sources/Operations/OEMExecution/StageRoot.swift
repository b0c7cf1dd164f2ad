import LinuxSystem
import SystemPackage

/// The root that a stage changes; no path leads out of it.
struct StageRoot: ~Copyable {
    private let handle: DirectoryHandle
    /// Whether it is the root of the running system, so that what is no file can be changed, too.
    let isRunning: Bool
    private let labels: StageLabels

    init(_ path: FilePath) throws(SystemError) {
        try self.init(path, labels: StageLabels(path == "/" ? .current : .none))
    }

    init(_ path: FilePath, labels: StageLabels) throws(SystemError) {
        handle = try DirectoryHandle(root: path)
        isRunning = path == "/"
        self.labels = labels
    }

    /// The largest file that is compared or changed, in bytes.
    static let limit = 16 << 20

    /// Reads a file; nil when it is not there.
    borrowing func read(_ path: FilePath) throws -> [UInt8]? { try handle.read(path, limit: Self.limit) }

    /// Writes a file where it differs in content, mode or owner; folders above it are made with 0755.
    ///
    /// - Returns: whether something was written.
    borrowing func write(_ bytes: [UInt8], to path: FilePath, mode: UInt16, owner: Ownership) throws -> Bool {
        guard let name = path.lastComponent else { throw StageError.noFile(path) }
        let new = newest(path)
        let folder = try handle.makeDirectory(path.removingLastComponent())
        let isChanged = try folder.replaceDifferent(name, with: bytes, mode: mode, owner: owner)
        try labels.set(new)
        return isChanged
    }

    /// Begins a file that is written piece by piece, and takes its name when it is whole; folders above it are made.
    borrowing func pending(_ path: FilePath, mode: UInt16, owner: Ownership) throws -> PendingFile {
        guard let name = path.lastComponent else { throw StageError.noFile(path) }
        let folder = try handle.makeDirectory(path.removingLastComponent())
        return try PendingFile(name, in: folder, mode: mode, owner: owner)
    }

    /// Writes a file whose mode and owner stay when it is there.
    ///
    /// - Parameter followingLink: whether a link of the name is kept, and the file that it leads to is changed.
    borrowing func rewrite(
        _ bytes: [UInt8], to path: FilePath, newMode: UInt16 = 0o644, followingLink: Bool = false, depth: Int = 0
    ) throws -> Bool {
        guard let name = path.lastComponent else { throw StageError.noFile(path) }
        let folder = try handle.makeDirectory(path.removingLastComponent())
        if followingLink, depth < 8, let target = folder.linkTarget(name) {
            let next = FilePath(target).isAbsolute ? FilePath(target) : path.removingLastComponent().appending(target)
            return try rewrite(
                bytes, to: next.lexicallyNormalized(), newMode: newMode, followingLink: true, depth: depth + 1)
        }
        let old = try folder.status(name)
        guard let old, old.kind == .file else { return try write(bytes, to: path, mode: newMode, owner: .root) }
        let mode = UInt16(truncatingIfNeeded: old.permissions.rawValue)
        return try write(bytes, to: path, mode: mode, owner: old.owner)
    }

    /// Makes a folder with those above it, and sets what is given.
    ///
    /// - Returns: whether something changed.
    borrowing func makeDirectory(_ path: FilePath, mode: UInt16?, newMode: UInt16, owner: Ownership?) throws -> Bool {
        let wasThere = (try? handle.directory(path)) != nil
        let new = newest(path)
        let folder = try handle.makeDirectory(path)
        let old = try folder.attributes()
        let wanted = (mode: mode ?? (wasThere ? old.mode : newMode), owner: owner ?? (wasThere ? old.owner : .root))
        try labels.set(new)
        guard old.mode != wanted.mode || old.owner != wanted.owner else { return !wasThere }
        try folder.setAttributes(mode: wanted.mode, owner: wanted.owner)
        return true
    }

    /// Opens a folder, which is made with those above it where it is missing.
    borrowing func folder(_ path: FilePath) throws -> DirectoryHandle { try handle.makeDirectory(path) }

    /// Puts a link under a path where it leads elsewhere.
    borrowing func link(_ path: FilePath, to target: String) throws -> Bool {
        guard let name = path.lastComponent else { throw StageError.noFile(path) }
        let folder = try handle.makeDirectory(path.removingLastComponent())
        guard folder.linkTarget(name) != target else { return false }
        let new = newest(path)
        try folder.link(name, to: target)
        try labels.set(new)
        return true
    }

    /// The first part of a path that is not there; nil when all are, and where nobody asks for labels.
    private borrowing func newest(_ path: FilePath) -> FilePath? {
        guard labels.areWanted else { return nil }
        var part = FilePath("/")
        for name in path.components {
            part.append(name)
            if !has(part) { return part }
        }
        return nil
    }

    /// Whose a folder is, links in its path resolved inside the root; nil when it is not there.
    borrowing func owner(of path: FilePath) -> Ownership? {
        do { return try handle.directory(path).attributes().owner } catch { return nil }
    }

    /// The names in a folder; none when it is not there.
    borrowing func names(in path: FilePath) -> [String] {
        do { return try handle.directory(path).names() } catch { return [] }
    }

    /// Whether something has a path.
    borrowing func has(_ path: FilePath) -> Bool {
        guard let name = path.lastComponent else { return true }
        do { return try handle.directory(path.removingLastComponent()).status(name) != nil } catch { return false }
    }
}
