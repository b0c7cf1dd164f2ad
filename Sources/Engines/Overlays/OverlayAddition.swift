import Archives
package import JSONText
import LinuxSystem
package import OverlayPlanning
package import SystemPackage

/// Puts an overlay into the folder of the OEM partition.
package struct OverlayAddition: Equatable, Sendable {
    /// The file or folder that is copied.
    package let file: FilePath
    /// Where it will be.
    package let source: OverlaySource

    /// Names the overlay after its file.
    ///
    /// - Parameter order: the place in the stack, 0 to 99; nil when the file's name begins with it.
    /// - Throws: `StackingError` when that makes no name of an overlay; `SystemError` when there is no such file.
    package init(_ file: FilePath, order: Int?) throws {
        guard let status = try FileStatus.of(file), let name = file.lastComponent?.string else {
            throw SystemError.file("adding", file, .noSuchFileOrDirectory)
        }
        let isFolder = status.kind == .directory
        guard isFolder || status.kind == .file else {
            throw StackingError.request(
                "adding", file.string, "it is neither a file nor a folder", "Name an overlay.")
        }
        if let order, !(0...99).contains(order) {
            throw StackingError.request(
                "adding", file.string, "\(order) is no place in the stack", "Take a number from 0 to 99.")
        }
        let prefix = order.map { $0 < 10 ? "0\($0)-" : "\($0)-" } ?? ""
        let plain = order != nil && OverlayFile(name, isFolder: isFolder) != nil ? String(name.dropFirst(3)) : name
        guard let overlay = OverlayFile(prefix + plain, isFolder: isFolder) else {
            throw StackingError.request(
                "adding", file.string, "'\(prefix + plain)' is no name of an overlay",
                "Give its place in the stack as a number, and name it like tools.raw, .squashfs, .erofs, .tar, .tar.zst "
                    + "or a folder.")
        }
        self.file = file
        source = OverlaySource(.oem, overlay)
    }

    /// Judges an overlay and copies it into the folder of the OEM partition.
    ///
    /// - Parameter request: what it is judged for; the caller has mounts of its own.
    /// - Throws: as `check(_:)` and `perform(in:replacing:)`.
    package static func add(
        _ file: FilePath, order: Int?, replacing: Bool = false, to request: OverlayRequest
    ) throws -> OverlayAddition {
        let addition = try OverlayAddition(file, order: order)
        try addition.check(try OverlayCheck.decision(addition.checking(request)))
        try addition.perform(in: request.root, replacing: replacing)
        return addition
    }

    /// What was done, for people.
    package var line: String { "\(source.path) counts from the next boot on" }

    /// `added` and `from`.
    package var json: JSONValue { ["added": .string(source.path.string), "from": .string(file.string)] }

    /// The request that judges the overlay as if it was there.
    package func checking(_ request: OverlayRequest) -> OverlayRequest {
        var request = request
        request.root.instead[source.path] = file
        request.added = [source]
        return request
    }

    /// Refuses an overlay that would not be stacked.
    ///
    /// One that is not meant for this machine may be added all the same: a partition may serve many.
    ///
    /// - Parameter decision: of `checking(_:)`.
    /// - Throws: `StackingError` with the reason.
    package func check(_ decision: OverlayDecision) throws(StackingError) {
        let entry = decision.entries.first { $0.source == source }
        switch entry?.verdict {
        case .stacked, .elsewhere, .mask: return
        case .refused(let reason, _):
            throw .request("adding", file.string, reason.withoutStop, "Nothing was added.")
        case .replaced(let other):
            throw .request(
                "adding", file.string, "\(other.path) has the same name and a version that is not older",
                "Remove that one first.")
        case nil: throw .request("adding", file.string, "nothing was decided about it", "Report this; it is a fault.")
        }
    }

    /// Copies it, what lies beside it first, so that a cut never leaves it without its signature.
    ///
    /// - Parameter replacing: whether an overlay of the same file name is replaced.
    /// - Throws: `StackingError` when one has the name already; `SystemError` when it cannot be copied: what was there is
    ///   there still.
    package func perform(in root: OverlayRoot, replacing: Bool = false) throws {
        let folder = root.folder(.oem)
        try Folders.make(folder)
        let target = folder.appending(source.file.fileName)
        if !replacing, try FileStatus.of(target, followingLinks: false) != nil {
            throw StackingError.request(
                "adding", file.string, "\(source.path) is there already", "Remove it first, or ask to replace it.")
        }
        try PutAside.clear(folder)
        for (from, to) in zip(
            BesideOverlay.files(file, source.file.form), BesideOverlay.files(target, source.file.form))
        {
            if try FileStatus.of(from) != nil {
                try StagedCopy.file(from, to: to)
            } else {
                try Folders.remove(to, .files)
            }
        }
        if source.file.form == .folder {
            try StagedCopy.folder(file, to: target)
        } else {
            try StagedCopy.file(file, to: target)
        }
    }
}

/// Copies under a name that nobody takes for an overlay, flushes, and gives the name last.
private enum StagedCopy {
    static func file(_ file: FilePath, to target: FilePath) throws {
        try staged(target) { place in
            do throws(Errno) {
                let input = try OwnedDescriptor(opening: file)
                let output = try OwnedDescriptor(
                    opening: place, .writeOnly, options: [.create, .exclusiveCreate, .noFollow],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead])
                var buffer = [UInt8](repeating: 0, count: 1 << 20)
                while true {
                    let count = try FileBlock.read(input.descriptor, into: &buffer)
                    if count == 0 { break }
                    try FileBlock.write(buffer.span.extracting(0..<count), to: output.descriptor)
                }
                try output.close()
            } catch { throw SystemError.file("copying", file, error) }
        }
    }

    static func folder(_ folder: FilePath, to target: FilePath) throws {
        try staged(target) { place in
            try Folders.makeNew(place)
            // Marks of what is taken away from lower layers are device nodes.
            var source = try DirectorySource(path: folder)
            var writer = try TreeWriter(into: place, .layer)
            try writer.write(&source)
        }
    }

    private static func staged(_ target: FilePath, _ copy: (FilePath) throws -> Void) throws {
        let parent = target.removingLastComponent()
        let new = parent.appending(".\(target.lastComponent?.string ?? "").new")
        do {
            try Folders.remove(new, .tree)
            try copy(new)
            try Folders.flushFilesystem(parent)
            if try FileStatus.of(target, followingLinks: false)?.kind == .directory {
                // A folder cannot be renamed over another.
                try NameExchange.perform(new, target)
                try PutAside.move(new)
            } else {
                try Folders.rename(new, to: target)
            }
            try Folders.flushEntry(parent)
        } catch {
            try? Folders.remove(new, .tree)
            throw error
        }
    }
}
