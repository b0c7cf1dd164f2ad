/// Names an entry below the root of a tree, as bytes: no leading slash, no empty, `.` or `..` component; the root is
/// empty.
package struct EntryPath: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The bytes, components separated by `/`.
    package let bytes: [UInt8]

    /// The longest name accepted in bytes: the kernel's PATH_MAX.
    package static let maximumLength = 4_096
    /// The root of the tree.
    package static let root = EntryPath(components: [])

    /// Normalises a name: absolute names lose their slashes, `.` and empty components vanish.
    ///
    /// Nil for a name with `..` or a zero byte, neither of which has a place inside the tree that everybody agrees on,
    /// and for one longer than `maximumLength`.
    package init?(normalizing name: some Collection<UInt8>) {
        guard name.count <= Self.maximumLength, !name.contains(0) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.count)
        for component in name.split(separator: UInt8(ascii: "/")) where !component.elementsEqual(".".utf8) {
            if component.elementsEqual("..".utf8) { return nil }
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "/")) }
            bytes += component
        }
        self.init(joined: bytes)
    }

    /// Takes bytes that are already known to be right.
    package init(joined bytes: [UInt8]) { self.bytes = bytes }

    /// Joins components that are already known to be right.
    package init(components: [[UInt8]]) { bytes = Array(components.joined(separator: [UInt8(ascii: "/")])) }

    /// The components from the root on.
    package var components: [[UInt8]] { bytes.split(separator: UInt8(ascii: "/")).map { Array($0) } }

    /// The last component; empty for the root.
    package var name: ArraySlice<UInt8> { bytes[(bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...] }

    /// What comes before the last component, without the slash; empty for the root and what is in it.
    package var folder: ArraySlice<UInt8> { bytes[..<(bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0)] }

    /// The folder that it lies in; nil for the root.
    package var parent: EntryPath? { bytes.isEmpty ? nil : EntryPath(joined: Array(folder)) }

    /// The folders above it, from the top down, without the root.
    package var folders: [EntryPath] {
        bytes.indices.filter { bytes[$0] == UInt8(ascii: "/") }.map { EntryPath(joined: Array(bytes[..<$0])) }
    }

    /// An entry in this folder; the name is one component.
    package func appending(_ name: some Sequence<UInt8>) -> EntryPath {
        EntryPath(joined: bytes.isEmpty ? Array(name) : bytes + [UInt8(ascii: "/")] + name)
    }

    /// Says whether it lies in a folder, at any depth; no folder lies in itself.
    package func isBelow(_ folder: EntryPath) -> Bool {
        folder.bytes.isEmpty
            ? !bytes.isEmpty
            : bytes.count > folder.bytes.count && bytes[folder.bytes.count] == UInt8(ascii: "/")
                && bytes.starts(with: folder.bytes)
    }

    /// How the name of an entry begins that takes another one away (OCI image specification, layer.md).
    package static let whiteoutPrefix = Array(".wh.".utf8)

    /// Whether it takes another one away, where it is in a layer of a container image.
    package var isWhiteout: Bool { name.starts(with: Self.whiteoutPrefix) }

    /// The path as text; bytes that are not UTF-8 are replaced.
    package var description: String { bytes.isEmpty ? "." : String(decoding: bytes, as: UTF8.self) }

    /// The path from the root on, as people write it; bytes that are no text come as `\xff`, so that none is lost.
    package var absolute: String { "/" + Self.escaped(bytes) }

    /// Whether its bytes are UTF-8 without control characters.
    package var isText: Bool {
        String(validating: bytes, as: UTF8.self) != nil && !bytes.contains { $0 < 0x20 || $0 == 0x7F }
    }

    private static func escaped(_ bytes: [UInt8]) -> String {
        var text = ""
        var rest = bytes[...]
        while let first = rest.first {
            // The shortest beginning that is UTF-8 is one character of it.
            let length = (1...4).first { String(validating: rest.prefix($0), as: UTF8.self) != nil }
            if let length, length <= rest.count, first >= 0x20, first != 0x7F {
                text += String(decoding: rest.prefix(length), as: UTF8.self)
                rest = rest.dropFirst(length)
            } else {
                text += "\\x" + (first < 16 ? "0" : "") + String(first, radix: 16)
                rest = rest.dropFirst()
            }
        }
        return text
    }

    /// Orders by the bytes of names: a folder comes before what is in it, and that before all that is not.
    ///
    /// Programs that unpack archives set time and mode of a folder when something else than its content follows.
    package static func < (left: EntryPath, right: EntryPath) -> Bool {
        for (one, other) in zip(left.bytes, right.bytes) where one != other {
            // Less than every byte that a name can have.
            if one == UInt8(ascii: "/") { return true }
            return other != UInt8(ascii: "/") && one < other
        }
        return left.bytes.count < right.bytes.count
    }
}
