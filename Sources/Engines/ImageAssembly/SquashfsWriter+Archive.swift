package import Archives
package import Squashfs
import TreeModel

extension SquashfsWriter {
    /// Adds an entry of an archive; the content of a regular file follows by `write` and ends with `endFile`.
    ///
    /// - Throws: `SquashfsError` as `add`, `beginFile` and `link`.
    package mutating func add(_ entry: ArchiveEntry) throws(SquashfsError) {
        let attributes = SquashfsAttributes(
            permissions: entry.permissions, owner: entry.owner, group: entry.group,
            modified: UInt32(clamping: entry.modified), extended: entry.attributes.map { ($0.name, $0.value) })
        let path = entry.path.bytes
        switch entry.kind {
        case .regular(let size): try beginFile(at: path, attributes, size: Int(clamping: size))
        case .directory: try add(.directory, at: path, attributes)
        case .symbolicLink(let target): try add(.symbolicLink(target: target), at: path, attributes)
        case .hardLink(let target): try link(path, to: target.bytes)
        case .characterDevice(let major, let minor):
            try add(.characterDevice(major: major, minor: minor), at: path, attributes)
        case .blockDevice(let major, let minor):
            try add(.blockDevice(major: major, minor: minor), at: path, attributes)
        case .fifo: try add(.fifo, at: path, attributes)
        }
    }
}
