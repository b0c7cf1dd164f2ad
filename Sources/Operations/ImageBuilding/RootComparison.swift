import LinuxSystem
import RegistryModel
import SoftwareBills
import Squashfs
import SystemPackage

/// Walks through two root images side by side, in the order of their folders: memory does not grow with them.
struct RootComparison: ~Copyable {
    private static let blockLength = 1 << 20
    /// Files after which the caller is told how far it is.
    private static let interval = 512

    private var old: RootWalk
    private var new: RootWalk
    private var changes = FileDifference()
    private var blocks = (
        old: [UInt8](repeating: 0, count: blockLength), new: [UInt8](repeating: 0, count: blockLength)
    )
    private let progress: (TransferProgress) -> Void

    /// Compares the files of two root images, and finds what is installed in each.
    ///
    /// - Throws: `SquashfsError` for one that cannot be read or is damaged.
    static func run(
        _ old: FilePath, _ new: FilePath, progress: @escaping (TransferProgress) -> Void
    ) throws -> (files: FileDifference, old: SoftwareInventory, new: SoftwareInventory) {
        var comparison = try RootComparison(old: RootWalk(old), new: RootWalk(new), progress: progress)
        try comparison.walk()
        return (comparison.changes, comparison.old.software, comparison.new.software)
    }

    private init(old: consuming RootWalk, new: consuming RootWalk, progress: @escaping (TransferProgress) -> Void) {
        self.old = old
        self.new = new
        self.progress = progress
    }

    private mutating func walk() throws {
        var count = 0
        while old.entry != nil || new.entry != nil {
            count += 1
            if count.isMultiple(of: Self.interval) { progress(TransferProgress("comparing files", done: count)) }
            try step()
        }
    }

    private mutating func step() throws {
        switch (old.entry, new.entry) {
        case (let before?, let after?) where before.path == after.path:
            let words = try differences(before, after)
            if !words.isEmpty { changes.changed.append(.init(path: Self.text(after.path), words: words)) }
            try old.advance()
            try new.advance()
        case (let before?, let after) where after.map { RootWalk.precedes(before.path, $0.path) } ?? true:
            changes.removed.append(Self.text(before.path))
            try old.readSoftware(into: &blocks.old)
            try old.advance()
        case (_, let after?):
            changes.added.append(Self.text(after.path))
            try new.readSoftware(into: &blocks.new)
            try new.advance()
        case (_, nil): return
        }
    }

    private mutating func differences(
        _ before: SquashfsReader.Entry, _ after: SquashfsReader.Entry
    ) throws -> [String] {
        var words: [String] = []
        switch (before.kind, after.kind) {
        case (.file(let size), .file(let other)):
            let isEqual = try compareContent()
            if size != other || !isEqual { words.append("content") }
        case (.link(let target), .link(let other)): if target != other { words.append("target") }
        case (let kind, let other):
            try old.readSoftware(into: &blocks.old)
            try new.readSoftware(into: &blocks.new)
            if kind != other { words.append("kind") }
        }
        if before.permissions != after.permissions { words.append("permissions") }
        return words
    }

    /// Reads both files to their ends, or until they differ where nothing in them counts.
    private mutating func compareContent() throws -> Bool {
        let isRead = old.begin()
        _ = new.begin()
        var isEqual = true
        while true {
            let count = try old.read(into: &blocks.old)
            let other = try new.read(into: &blocks.new)
            if count != other || blocks.old.prefix(count) != blocks.new.prefix(other) { isEqual = false }
            if (count == 0 && other == 0) || (!isEqual && !isRead) { break }
        }
        old.end()
        new.end()
        return isEqual
    }

    private static func text(_ path: [UInt8]) -> String { "/" + String(decoding: path, as: UTF8.self) }
}

/// One side of a comparison: a walk through a root image, depth first, by the names' bytes.
struct RootWalk: ~Copyable {
    private let path: FilePath
    private var reader: SquashfsReader
    /// Where it stands; nil at the end.
    private(set) var entry: SquashfsReader.Entry?
    /// What was found on the way.
    private(set) var software = SoftwareInventory()

    init(_ path: FilePath) throws {
        var reader = try SquashfsReader(path: path)
        // The root itself, which is a folder.
        let entry = try reader.next()
        self.path = path
        self.entry = entry
        self.reader = reader
    }

    /// Goes to the next file.
    ///
    /// - Throws: `ImageBuildError` for folders whose names are not sorted, which no squashfs may have.
    mutating func advance() throws {
        let last = entry?.path
        entry = try reader.next()
        if case .link(let target)? = entry?.kind, let entry {
            software.link(String(decoding: entry.path, as: UTF8.self), to: String(decoding: target, as: UTF8.self))
        }
        guard let last, let next = entry?.path, !Self.precedes(last, next) else { return }
        throw ImageBuildError(
            "comparing", path.string, "its folders are not sorted at /\(String(decoding: next, as: UTF8.self))",
            remedy: "Check it with 'boatyard image verify', or build it again.")
    }

    /// Begins to read the file, and says whether its content counts as a list of software.
    mutating func begin() -> Bool {
        let name = String(decoding: entry?.path ?? [], as: UTF8.self)
        software.begin(name)
        return SoftwareInventory.isWanted(name)
    }

    /// Reads the next bytes of the file; 0 at its end.
    mutating func read(into block: inout [UInt8]) throws -> Int {
        let count = try reader.read(into: &block)
        software.take(block.span.extracting(0..<count))
        return count
    }

    /// Ends the file.
    mutating func end() { software.end() }

    /// Reads the file when its content counts.
    mutating func readSoftware(into block: inout [UInt8]) throws {
        guard case .file? = entry?.kind else { return }
        if begin() { while try read(into: &block) > 0 {} }
        end()
    }

    /// Says whether a path comes before another one: a folder before what is in it, that before its next neighbour.
    static func precedes(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.lexicographicallyPrecedes(other) { rank($0) < rank($1) }
    }

    private static func rank(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "/") ? 0 : byte }
}

/// In which files two root images differ; owners, times and attributes do not count.
package struct FileDifference: Equatable, Sendable {
    /// A file that is not the same.
    package struct Change: Equatable, Sendable {
        /// Where it is.
        package var path: String
        /// In what: `content`, `permissions`, `target`, `kind`.
        package var words: [String]
    }

    /// Paths of what is new, folders included.
    package var added: [String] = []
    /// Paths of what is gone.
    package var removed: [String] = []
    /// What is not the same.
    package var changed: [Change] = []
}
