import DocumentTree
package import SystemPackage

extension Layout {
    /// What references to devices look like, for editors.
    fileprivate static let devicePattern = "(LABEL|UUID|PARTLABEL|PARTUUID)=.+|/dev/.+"
}

extension DocumentValue where Value == DeviceReference {
    /// A block device.
    static var device: Self {
        Self(text: "a device", pattern: "^(\(Layout.devicePattern))$") {
            (text) throws(DeviceReferenceError) in try DeviceReference(parsing: text)
        }
    }
}

extension DocumentValue where Value == Layout.Store {
    /// Where ephemeral writes go.
    static var store: Self {
        Self(text: "`tmpfs:SIZE` or a device", pattern: "^(tmpfs:[0-9]+[kmgKMG%]?|\(Layout.devicePattern))$") {
            (text) throws(LayoutError) in try Layout.Store(parsing: text)
        }
    }
}

extension DocumentValue where Value == FilePath {
    /// A path that may be mounted on.
    static var mountPoint: Self {
        Self(text: "a mount point", pattern: "^/.+") { (text) throws(LayoutError) in try FilePath.mountPoint(text) }
    }

    /// A path that a filesystem of its own may be mounted on.
    static var volumePoint: Self {
        Self(text: "a mount point", pattern: "^/.+") { (text) throws(LayoutError) in try FilePath.volumePoint(text) }
    }

    /// The path of a key file: absolute, without `..`.
    static var keyFile: Self {
        Self(text: "an absolute path", pattern: "^/.+") { (text) throws(LayoutError) in
            let parts = text.split(separator: "/")
            guard text.hasPrefix("/"), !parts.isEmpty, !parts.contains(".."), text.utf8.allSatisfy({ $0 >= 0x20 })
            else { throw LayoutError("key-file must be an absolute path without '..'") }
            return FilePath(text)
        }
    }
}

extension DocumentValue where Value == [FilePath] {
    /// Mount points, each named once, sorted so that parents come before children.
    static var mountPoints: Self {
        let point = DocumentValue<FilePath>.mountPoint
        return Self(.list(point.shape)) { (node, name) throws(DocumentError) in
            var paths: [FilePath] = []
            for element in try node.elements(name) {
                let path = try point.read(element, "a path")
                guard !paths.contains(path) else { throw DocumentError(at: element.mark, "\(path) is named twice") }
                paths.append(path)
            }
            return Layout.byDepth(paths)
        }
    }
}

extension DocumentValue where Value == String {
    /// A mount option: one word without a comma.
    static var mountOption: Self {
        Self(text: "a word", pattern: "^[^, ]+$") { (text) throws(LayoutError) in
            guard !text.contains(","), !text.contains(" ") else {
                throw LayoutError("option '\(text)' must be one word; write a list")
            }
            return text
        }
    }
}

extension FilePath {
    /// Reads the path of a mount point: absolute, no `.` or `..`, nothing the system needs for itself.
    ///
    /// - Throws: `LayoutError` for anything else.
    package static func mountPoint(_ text: String) throws(LayoutError) -> FilePath {
        let path = FilePath(text)
        let parts = text.split(separator: "/")
        guard text.hasPrefix("/"), !parts.contains(".."), !parts.contains("."),
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw LayoutError("'\(text)' must be an absolute path without '..'") }
        guard !ReservedPaths.contain(path) else {
            throw LayoutError("\(path) belongs to the system and cannot be mounted over")
        }
        return path
    }

    /// Reads the path of a volume's mount point, which hides everything that the image has there.
    ///
    /// - Throws: `LayoutError` for anything that a volume must not be mounted on.
    package static func volumePoint(_ text: String) throws(LayoutError) -> FilePath {
        let path = try mountPoint(text)
        guard !ReservedPaths.containVolume(path) else {
            throw LayoutError(
                "\(path) is configuration of the image, which a volume would hide; let it persist instead")
        }
        return path
    }
}
