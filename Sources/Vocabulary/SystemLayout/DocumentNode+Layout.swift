import DocumentTree
import SystemPackage

/// Readers of what only layouts have.
extension DocumentNode {
    /// A device reference.
    func device() throws(DocumentError) -> DeviceReference {
        let text = try text("device")
        do throws(DeviceReferenceError) { return try DeviceReference(parsing: text) } catch {
            throw DocumentError(at: mark, error.description)
        }
    }

    /// Where ephemeral writes go.
    func store() throws(DocumentError) -> Layout.Store {
        let text = try text("store")
        do throws(LayoutError) { return try Layout.Store(parsing: text) } catch {
            throw DocumentError(at: mark, error.reason)
        }
    }

    /// Mount points, sorted so that parents come before children.
    func mountPoints(_ name: String) throws(DocumentError) -> [FilePath] {
        var paths: [FilePath] = []
        for element in try elements(name) {
            let path = try element.mountPoint()
            guard !paths.contains(path) else { throw DocumentError(at: element.mark, "\(path) is named twice") }
            paths.append(path)
        }
        return Layout.byDepth(paths)
    }

    /// One absolute path without `..` that may be mounted on.
    func mountPoint() throws(DocumentError) -> FilePath {
        let text = try text("a path")
        do throws(LayoutError) { return try FilePath.mountPoint(text) } catch {
            throw DocumentError(at: mark, error.reason)
        }
    }

    /// The path of a key file: absolute, without `..`.
    func keyFile() throws(DocumentError) -> FilePath {
        let text = try text("key-file")
        let parts = text.split(separator: "/")
        guard text.hasPrefix("/"), !parts.isEmpty, !parts.contains(".."), text.utf8.allSatisfy({ $0 >= 0x20 }) else {
            throw DocumentError(at: mark, "key-file must be an absolute path without '..'")
        }
        return FilePath(text)
    }

    /// A mount option: one word without a comma.
    static func option(_ node: DocumentNode) throws(DocumentError) -> String {
        let text = try node.text("an option")
        guard !text.contains(","), !text.contains(" ") else {
            throw DocumentError(at: node.mark, "option '\(text)' must be one word; write a list")
        }
        return text
    }
}
