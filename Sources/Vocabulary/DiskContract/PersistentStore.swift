package import SystemPackage

/// Names what keeps a path of the system on the persistent partition.
package enum PersistentStore {
    /// The folder of all kept paths, below the root of the partition.
    package static let folder: FilePath = "state"
    /// What was changed over the image, where a path is kept as an overlay.
    package static let upper: FilePath.Component = "upper"
    /// What the kernel works with beside it.
    package static let work: FilePath.Component = "work"
    /// The whole content, where a path is kept by a bind.
    package static let data: FilePath.Component = "data"
    /// What is to be put back before the path is mounted the next time: a `ResetMark`.
    package static let mark: FilePath.Component = "reset"
    /// Where what takes a path's place is made ready; nothing else uses it, so that it can be removed at any time.
    package static let staging: FilePath.Component = "reset.new"

    /// The folder of one path, below the root of the partition.
    package static func folder(of path: FilePath) -> FilePath { folder.appending(path.storeName) }
}

extension FilePath {
    /// The name of this path's folder in a store: `/var/lib` becomes `var%2Flib`, which no other path becomes.
    package var storeName: String {
        let text = components.map(\.string).joined(separator: "/")
        guard !text.isEmpty else { return "%root" }
        return text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%25")
            .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "%2F")
    }
}

/// What of a kept path is to become the image's own again at the next boot.
package struct ResetMark: Equatable, Sendable {
    /// The largest mark that is written and read, in bytes.
    package static let sizeLimit = 64 * 1024
    /// The most paths that a mark has; further ones of a file count for nothing.
    package static let mostPaths = 256

    /// Paths below the kept one, relative to it; the empty path is all of it.
    package private(set) var paths: [FilePath] = []

    /// Marks nothing.
    package init() {}

    /// The longest path, in bytes (PATH_MAX of Linux).
    private static let longest = 4_096

    /// Reads a mark; what is no plain path below the kept one counts for nothing.
    package init(_ bytes: [UInt8]) {
        // Names may have line feeds, but no zero byte.
        for entry in bytes.split(separator: 0).prefix(Self.mostPaths) where entry.count < Self.longest {
            add(FilePath(String(decoding: entry, as: UTF8.self)))
        }
    }

    /// The mark as it is written: each path, ended by a zero byte; `.` is all.
    package var bytes: [UInt8] { paths.flatMap { Array(($0.isEmpty ? "." : $0.string).utf8) + [0] } }

    /// Whether it can be kept: it has neither too many paths nor too many bytes.
    package var isWritable: Bool { paths.count <= Self.mostPaths && bytes.count <= Self.sizeLimit }

    /// Adds a path; one that lies in another one of the mark is part of it already.
    package mutating func add(_ path: FilePath) {
        let path = FilePath(root: nil, path.components.filter { $0.kind != .currentDirectory })
        guard path.components.allSatisfy({ $0.kind == .regular }), !paths.contains(where: { path.lies(in: $0) }) else {
            return
        }
        paths.removeAll { $0.lies(in: path) }
        paths.append(path)
    }

    /// Takes a path out, with all that lies in it.
    ///
    /// - Returns: whether anything of it was marked.
    package mutating func remove(_ path: FilePath) -> Bool {
        let count = paths.count
        paths.removeAll { $0.lies(in: path) }
        return paths.count < count
    }
}

extension FilePath {
    /// Whether this relative path is another one, or is below it.
    fileprivate func lies(in other: FilePath) -> Bool {
        let (text, prefix) = (string, other.string)
        guard text.utf8.count > prefix.utf8.count, !prefix.isEmpty else { return prefix.isEmpty || text == prefix }
        return text.hasPrefix(prefix) && text.utf8.dropFirst(prefix.utf8.count).first == UInt8(ascii: "/")
    }
}
