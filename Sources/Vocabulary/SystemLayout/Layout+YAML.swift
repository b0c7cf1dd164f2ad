package import DocumentTree
import SystemPackage

extension Layout {
    /// Reads a layout file's document; keys that are absent keep the default.
    ///
    /// - Throws: `DocumentError` with line and column for an unknown key, a value of the wrong kind, or a path that
    ///   cannot be mounted on.
    package init(_ document: DocumentNode) throws(DocumentError) {
        self = .default
        for pair in try document.pairs("the layout") {
            switch pair.key {
            case "ephemeral": try readEphemeral(pair.value)
            case "persistent": try readPersistent(pair.value)
            case "volumes": volumes = try pair.value.elements("volumes").map(Self.volume)
            default: throw pair.unknown("ephemeral, persistent, volumes")
            }
        }
        if !namesEphemeralPaths(document) {
            let others = persistentPaths + volumes.map(\.path)
            ephemeralPaths.removeAll { others.contains($0) }
        }
        try checkOverlap(at: document.mark)
    }

    /// Whether the file says which paths are ephemeral; else the default ones give way to what it does say.
    private func namesEphemeralPaths(_ document: DocumentNode) -> Bool {
        guard case .mapping(let pairs) = document.content,
            case .mapping(let ephemeral) = pairs.first(where: { $0.key == "ephemeral" })?.value.content
        else { return false }
        return ephemeral.contains { $0.key == "paths" }
    }

    private mutating func readEphemeral(_ node: DocumentNode) throws(DocumentError) {
        for pair in try node.pairs("ephemeral") {
            switch pair.key {
            case "store": store = try pair.value.store()
            case "paths": ephemeralPaths = try pair.value.mountPoints("paths")
            default: throw pair.unknown("store, paths")
            }
        }
    }

    private mutating func readPersistent(_ node: DocumentNode) throws(DocumentError) {
        var required: Bool?
        for pair in try node.pairs("persistent") {
            switch pair.key {
            case "device": persistentDevice = try pair.value.device()
            case "key-file": persistentKeyFile = try pair.value.keyFile()
            case "mode":
                persistentMode = try pair.value.choice("mode", ["overlay", "bind"]) == "bind" ? .bind : .overlay
            case "paths": persistentPaths = try pair.value.mountPoints("paths")
            case "required": required = try pair.value.truth("required")
            default: throw pair.unknown("device, key-file, mode, paths, required")
            }
        }
        persistentRequired = required ?? !persistentPaths.isEmpty
    }

    private static func volume(_ node: DocumentNode) throws(DocumentError) -> Volume {
        var device: DeviceReference?
        var path: FilePath?
        var volume = Volume(device: .path("/dev/null"), path: "/")
        for pair in try node.pairs("a volume") {
            switch pair.key {
            case "device": device = try pair.value.device()
            case "path": path = try pair.value.mountPoint()
            case "filesystem": volume.filesystem = try pair.value.text("filesystem")
            case "options": volume.options = try pair.value.elements("options").map(DocumentNode.option)
            case "required": volume.required = try pair.value.truth("required")
            default: throw pair.unknown("device, path, filesystem, options, required")
            }
        }
        guard let device, let path else { throw DocumentError(at: node.mark, "a volume needs device and path") }
        (volume.device, volume.path) = (device, path)
        return volume
    }

    /// Refuses a path that is kept two ways, which would hide one of them.
    private func checkOverlap(at mark: DocumentMark) throws(DocumentError) {
        var seen: Set<FilePath> = []
        for path in ephemeralPaths + persistentPaths + volumes.map(\.path) {
            guard seen.insert(path).inserted else { throw DocumentError(at: mark, "\(path) is named twice") }
        }
    }
}
