/// Paths at which only the image may have something: an overlay with anything there is refused.
///
/// Other than a layout (`ReservedPaths`), an overlay may bring programs and what systemd runs: that is what it is for, and on a
/// sealed machine an image key has signed it. What stays the image's own is what says whom this machine trusts, which system it
/// is, and whether a boot was good: an overlay must not change the answers that it is judged by. `/etc/fstab` is not among
/// them: units that mount are no different.
package enum ProtectedPaths {
    /// One path, and why it is the image's.
    struct Entry {
        let path: String
        /// Whether everything whose name only begins so is meant, too.
        let isPrefix: Bool
        let reason: String

        init(_ path: String, isPrefix: Bool = false, _ reason: String) {
            self.path = path
            self.isPrefix = isPrefix
            self.reason = reason
        }
    }

    static let entries = [
        Entry("/usr/lib/lifeboot", "keys, the mark of sealing and health checks are the image's own"),
        Entry("/etc/lifeboot", "keys, policy and health checks are the image's own"),
        Entry("/usr/bin/lifeboot", "the agent is the image's own: it upgrades and rolls back"),
        Entry("/usr/lib/systemd/system/lifeboot-", isPrefix: true, "these units tell a good boot from a bad one"),
        Entry("/etc/systemd/system/lifeboot-", isPrefix: true, "these units tell a good boot from a bad one"),
        Entry("/usr/lib/os-release", "it says which system this is, which overlays are compared with"),
        Entry("/etc/os-release", "it says which system this is, which overlays are compared with"),
        Entry("/etc/machine-id", "it is this machine's own, and an overlay may be on many"),
    ]

    /// What a boot looks at in an overlay when it does not look at all of it: the paths, and the folders on the way to them.
    package static let probes: [String] = {
        var probes: [String] = []
        for entry in entries {
            for path in ancestors(of: entry.path) where !probes.contains(path) { probes.append(path) }
            if !entry.isPrefix { probes.append(entry.path) }
        }
        return probes
    }()

    /// Folders of whose entries a boot looks at all, since more than one name is meant.
    package static let probedFolders = entries.filter(\.isPrefix).compactMap { ancestors(of: $0.path).last }

    /// Why something may not lie at a path; nil when it may.
    ///
    /// A plain folder on the way to a protected path, or in one, hides nothing; but it gives its attributes to the folder of the
    /// image, so it must be root's alone to change.
    static func refusal(of node: OverlayNode) -> String? {
        let met = entries.first { isAt(node.path, $0) || isInside($0.path, node.path) }
        guard let met else { return nil }
        guard node.kind.joins, let attributes = node.kind.attributes else { return met.reason }
        if attributes.isRootsAlone { return nil }
        return "others than root could change it (\(attributes)), and what the image has in it; give it to root"
    }

    private static func isAt(_ path: String, _ entry: Entry) -> Bool {
        entry.isPrefix ? path.hasPrefix(entry.path) : path == entry.path || isInside(path, entry.path)
    }

    private static func isInside(_ path: String, _ folder: String) -> Bool { path.hasPrefix(folder + "/") }

    private static func ancestors(of path: String) -> [String] {
        let parts = path.split(separator: "/").dropLast()
        return parts.indices.map { "/" + parts[...$0].joined(separator: "/") }
    }
}
