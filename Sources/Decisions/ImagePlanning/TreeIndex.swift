/// Holds what lies at the paths of a tree that somebody will ask about, and follows links inside the tree as its own system
/// would.
package struct TreeIndex: Equatable, Sendable {
    /// What lies at a path.
    package enum Node: Equatable, Sendable {
        /// A regular file; the machine type of an ELF program, nil for others.
        case file(architecture: String?)
        /// A folder with its permission bits.
        case directory(permissions: UInt16)
        /// A symbolic link with its target.
        case link(String)
        /// A device, a pipe.
        case other
    }

    /// What following a path found.
    package enum Place: Equatable, Sendable {
        /// It ends here.
        case found(String, Node)
        /// Nothing is known of this path, at which the way ended.
        case nothing(String)
    }

    /// The longest chain of symbolic links followed, as the kernel's.
    private static let maximumLinks = 40

    /// What lies where, by path without leading slash.
    package private(set) var nodes: [String: Node] = [:]

    /// Begins with an empty tree.
    package init() {}

    /// Puts something at a path, in the place of what was there.
    package mutating func add(_ node: Node, at path: String) { nodes[path] = node }

    /// Gives something a further name; a target that nobody recorded makes it a file.
    package mutating func add(_ path: String, sameAs target: String) {
        nodes[path] = nodes[target] ?? .file(architecture: nil)
    }

    /// Follows a path, links at its end included.
    package func follow(_ path: String) -> Place {
        var pending = Array(path.split(separator: "/").reversed())
        var trail: [Substring] = []
        var links = 0
        while let name = pending.popLast() {
            if name == "." { continue }
            if name == ".." {
                _ = trail.popLast()
                continue
            }
            trail.append(name)
            let here = trail.joined(separator: "/")
            guard case .link(let target) = nodes[here] else { continue }
            links += 1
            guard links <= Self.maximumLinks else { return .nothing(here) }
            trail = target.hasPrefix("/") ? [] : trail.dropLast()
            pending += target.split(separator: "/").reversed()
        }
        let end = trail.joined(separator: "/")
        return nodes[end].map { .found(end, $0) } ?? .nothing(end)
    }

    /// The machine type of the program at a path; nil when there is none, or it is no ELF program.
    package func architecture(of path: String) -> String? {
        if case .found(_, .file(let architecture)) = follow(path) { architecture } else { nil }
    }

    /// Says whether a path leads to a regular file.
    package func hasFile(_ path: String) -> Bool {
        if case .found(_, .file) = follow(path) { true } else { false }
    }

    /// The first of some paths that leads to a regular file.
    package func firstFile(of paths: [String]) -> String? { paths.first { hasFile($0) } }
}

extension RootfsRules {
    /// Folders whose links and files nobody asks about, and which have most of them.
    private static let bulk = ["usr/share/", "usr/include/", "usr/src/", "var/"]
    /// Folders whose files are asked about.
    private static let watched = [
        "usr/bin/", "usr/sbin/", "usr/lib/systemd/", "lib/systemd/", "etc/systemd/", "etc/lifeboot/",
        "usr/lib/lifeboot/", "lib/lifeboot/", "usr/local/bin/", "usr/local/sbin/",
    ]

    /// Says whether an index of a root filesystem records what lies at a path: folders, links, and files of which a check
    /// asks; all others would only cost memory.
    package static func isIndexed(path: String, node: TreeIndex.Node) -> Bool {
        switch node {
        case .directory: true
        case .link, .other: !bulk.contains { path.hasPrefix($0) }
        case .file: isIndexedFile(path)
        }
    }

    /// Says whether an index would have the file of that path: where it would not, its absence means nothing.
    package static func isIndexedFile(_ path: String) -> Bool {
        let depth = path.split(separator: "/").count
        return depth <= 2 || depth == 3 && path.hasPrefix("usr/lib/") || watched.contains { path.hasPrefix($0) }
            || networkModule(path: path) != nil
    }
}
