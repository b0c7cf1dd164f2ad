package import DocumentTree
package import SystemPackage

/// The layout that a cOS-toolkit image writes to `/run/cos/cos-layout.env` in its `rootfs` stage.
///
/// Where one path is named twice, a volume wins over persistence, and persistence over an ephemeral overlay.
package struct CosLayout: Equatable, Sendable {
    /// What the variables say in our terms.
    ///
    /// Volumes are not required: cOS-toolkit boots without them, and images name some that need not be there.
    package private(set) var layout = Layout(
        ephemeralPaths: Layout.byDepth(["/etc", "/root", "/home", "/opt", "/srv", "/usr/local", "/var"]))
    /// Where persistent data lies in the new root (`PERSISTENT_STATE_TARGET`).
    package private(set) var stateFolder: FilePath = "/usr/local/.state"
    /// Whether volumes of the command line are added (`MERGE`).
    package private(set) var mergesCommandLine = true
    /// Whether the root is to be writable (`DEBUG_RW`, in its manual `DEBUGRW`).
    package private(set) var debugReadWrite = false
    /// Variables that mean nothing here.
    package private(set) var ignored: [String] = []

    /// Reads the file's text.
    ///
    /// - Throws: `DocumentError` with the line of a value that cannot be read.
    package init(parsing text: String) throws(DocumentError) {
        for assignment in try EnvironmentFile(parsing: text).assignments {
            do throws(LayoutError) { try read(assignment) } catch {
                throw DocumentError(at: assignment.mark, "\(assignment.name): \(error.reason)")
            }
        }
        let volumes = Set(layout.volumes.map(\.path))
        layout.persistentPaths.removeAll { volumes.contains($0) }
        let kept = volumes.union(layout.persistentPaths)
        layout.ephemeralPaths.removeAll { kept.contains($0) }
    }

    private mutating func read(_ assignment: EnvironmentFile.Assignment) throws(LayoutError) {
        let value = assignment.value
        switch assignment.name {
        case "VOLUMES": layout.volumes = try Self.volumes(value)
        case "OVERLAY": if !value.isEmpty { layout.store = try Layout.Store(parsing: value) }
        case "RW_PATHS": layout.ephemeralPaths = try Self.paths(value)
        case "PERSISTENT_STATE_TARGET": stateFolder = try .mountPoint(value)
        case "PERSISTENT_STATE_PATHS": layout.persistentPaths = try Self.paths(value)
        case "PERSISTENT_STATE_BIND": layout.persistentMode = try Self.truth(value) ? .bind : .overlay
        case "MERGE": mergesCommandLine = try Self.truth(value)
        case "DEBUG_RW", "DEBUGRW": debugReadWrite = try Self.truth(value)
        default: ignored.append(assignment.name)
        }
    }

    private static func volumes(_ value: String) throws(LayoutError) -> [Layout.Volume] {
        var volumes: [Layout.Volume] = []
        for word in value.split(whereSeparator: \.isWhitespace) {
            var volume = try Layout.Volume(parsing: String(word))
            volume.required = false
            guard !volumes.contains(where: { $0.path == volume.path }) else {
                throw LayoutError("\(volume.path) is named twice")
            }
            volumes.append(volume)
        }
        return volumes
    }

    /// Reads paths; one that is named twice is taken once, as cOS-toolkit does.
    private static func paths(_ value: String) throws(LayoutError) -> [FilePath] {
        var paths: Set<FilePath> = []
        for word in value.split(whereSeparator: \.isWhitespace) { paths.insert(try .mountPoint(String(word))) }
        return Layout.byDepth(Array(paths))
    }

    private static func truth(_ value: String) throws(LayoutError) -> Bool {
        guard value == "true" || value == "false" || value.isEmpty else {
            throw LayoutError("must be true or false, not '\(value)'")
        }
        return value == "true"
    }
}
