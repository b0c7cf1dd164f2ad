/// Names an entry below the root of a tree, as bytes: no leading slash, no empty, `.` or `..` component; the root is empty.
package struct EntryPath: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The bytes, components separated by `/`.
    package let bytes: [UInt8]

    /// The longest name accepted in bytes: the kernel's PATH_MAX.
    package static let maximumLength = 4_096
    /// The root of the tree.
    package static let root = EntryPath(components: [])

    /// Normalises a name: absolute names lose their slashes, `.` and empty components vanish.
    ///
    /// Nil for a name with `..` or a zero byte, neither of which has a place inside the tree that everybody agrees on, and
    /// for one longer than `maximumLength`.
    package init?(normalizing name: some Collection<UInt8>) {
        let components = name.split(separator: UInt8(ascii: "/")).filter { Array($0) != [UInt8(ascii: ".")] }
        let parent = [UInt8(ascii: "."), UInt8(ascii: ".")]
        guard name.count <= Self.maximumLength, !name.contains(0), !components.contains(where: { Array($0) == parent })
        else { return nil }
        self.init(components: components.map { Array($0) })
    }

    /// Joins components that are already known to be right.
    init(components: [[UInt8]]) { bytes = Array(components.joined(separator: [UInt8(ascii: "/")])) }

    /// The components from the root on.
    package var components: [[UInt8]] { bytes.split(separator: UInt8(ascii: "/")).map { Array($0) } }

    /// The path as text; bytes that are not UTF-8 are replaced.
    package var description: String { bytes.isEmpty ? "." : String(decoding: bytes, as: UTF8.self) }

    /// Orders by bytes.
    package static func < (left: EntryPath, right: EntryPath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
