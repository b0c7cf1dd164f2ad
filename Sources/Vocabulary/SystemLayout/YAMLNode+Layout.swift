package import SystemPackage

extension YAMLNode.Pair {
    /// The error for a key that is none of the known ones.
    package func unknown(_ known: String) -> LayoutError {
        LayoutError(at: mark, "unknown key '\(key)'; known are \(known)")
    }
}

extension YAMLNode {
    /// The pairs of a mapping; an empty value counts as an empty mapping.
    package func pairs(_ name: String) throws(LayoutError) -> [Pair] {
        if case .mapping(let pairs) = content { return pairs }
        if isEmpty { return [] }
        throw LayoutError(at: mark, "\(name) must be a mapping of keys to values")
    }

    /// The elements of a sequence; an empty value counts as an empty sequence.
    package func elements(_ name: String) throws(LayoutError) -> [YAMLNode] {
        if case .sequence(let elements) = content { return elements }
        if isEmpty { return [] }
        throw LayoutError(at: mark, "\(name) must be a list")
    }

    /// The text of a scalar that is not empty.
    package func text(_ name: String) throws(LayoutError) -> String {
        guard case .scalar(let text, _) = content, !text.isEmpty else {
            throw LayoutError(at: mark, "\(name) must be a text")
        }
        return text
    }

    /// A truth value, as YAML 1.2 spells it.
    package func truth(_ name: String) throws(LayoutError) -> Bool {
        try choice(name, { ["true": true, "false": false][$0] }, "true or false")
    }

    /// One of a set of words.
    package func choice<Value>(
        _ name: String, _ parse: (String) -> Value?, _ known: String
    ) throws(LayoutError) -> Value {
        let text = try text(name)
        guard let value = parse(text) else { throw LayoutError(at: mark, "\(name) must be \(known), not '\(text)'") }
        return value
    }

    /// A device reference.
    func device() throws(LayoutError) -> DeviceReference {
        let text = try text("device")
        do throws(DeviceReferenceError) { return try DeviceReference(parsing: text) } catch {
            throw LayoutError(at: mark, error.description)
        }
    }

    /// Absolute paths, sorted so that parents come before children.
    func paths(_ name: String) throws(LayoutError) -> [FilePath] {
        var paths: [FilePath] = []
        for element in try elements(name) {
            let path = try element.path()
            guard !paths.contains(path) else { throw LayoutError(at: element.mark, "\(path) is named twice") }
            paths.append(path)
        }
        return Layout.byDepth(paths)
    }

    /// One absolute path without `..` that may be mounted on.
    func path() throws(LayoutError) -> FilePath {
        let text = try text("a path")
        do throws(LayoutError) { return try FilePath.mountPoint(text) } catch {
            throw LayoutError(at: mark, error.reason)
        }
    }

    /// The path of a key file: absolute, without `..`.
    func keyFile() throws(LayoutError) -> FilePath {
        let text = try text("key-file")
        let parts = text.split(separator: "/")
        guard text.hasPrefix("/"), !parts.isEmpty, !parts.contains(".."), text.utf8.allSatisfy({ $0 >= 0x20 }) else {
            throw LayoutError(at: mark, "key-file must be an absolute path without '..'")
        }
        return FilePath(text)
    }

    /// A mount option: one word without a comma.
    static func option(_ node: YAMLNode) throws(LayoutError) -> String {
        let text = try node.text("an option")
        guard !text.contains(","), !text.contains(" ") else {
            throw LayoutError(at: node.mark, "option '\(text)' must be one word; write a list")
        }
        return text
    }

    private var isEmpty: Bool {
        guard case .scalar(let text, let quoted) = content, !quoted else { return false }
        return text.isEmpty || text == "~" || text == "null"
    }
}

extension FilePath {
    /// Paths that the initramfs or the kernel mounts itself; a layout must not.
    private static let reserved: Set<FilePath> = ["/", "/proc", "/sys", "/dev", "/run", "/usr", "/lifeboot"]

    /// Reads the path of a mount point: absolute, no `.` or `..`, nothing the system needs for itself.
    package static func mountPoint(_ text: String) throws(LayoutError) -> FilePath {
        let path = FilePath(text)
        let parts = text.split(separator: "/")
        guard text.hasPrefix("/"), !parts.contains(".."), !parts.contains("."),
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw LayoutError(at: nil, "'\(text)' must be an absolute path without '..'") }
        guard !reserved.contains(path), !["proc", "sys", "dev", "run"].contains(parts.first ?? "") else {
            throw LayoutError(at: nil, "\(path) belongs to the system and cannot be mounted over")
        }
        return path
    }
}
