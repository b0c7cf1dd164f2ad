import DocumentTree
import ImageModel
import ImagePlanning

extension DocumentValue where Value == ImageID {
    /// The id of an image.
    static var imageID: Self {
        Self(.text("the id of an image", pattern: "^[0-9a-f]{16}$")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard let id = ImageID(text) else {
                throw DocumentError(
                    at: node.mark,
                    "\(name) must be the id of an image, the name of its folder in images/, not '\(text)'")
            }
            return id
        }
    }
}

extension DocumentValue where Value == Int64 {
    /// A number of bytes.
    static var size: Self {
        Self(.text("a size", pattern: "^[0-9]+[KMGT]?$")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard let size = ByteCount(argument: text) else {
                throw DocumentError(
                    at: node.mark, "\(name) must be a whole number with K, M, G or T, such as 8G, not '\(text)'")
            }
            return size.bytes
        }
    }
}

extension DocumentValue where Value == Int64? {
    /// A number of bytes, or nil for all that is left.
    static var sizeOrRest: Self {
        Self(.text("a size or `rest`", pattern: "^([0-9]+[KMGT]?|rest)$")) { (node, name) throws(DocumentError) in
            try node.text(name) == "rest" ? nil : DocumentValue<Int64>.size.read(node, name)
        }
    }
}

extension DocumentValue where Value == DiskSizeRange {
    /// Two sizes and two dots between them, of which one may be left out.
    static var sizeRange: Self {
        Self(.text("a range of sizes", pattern: "^([0-9]+[KMGT]?)?\\.\\.([0-9]+[KMGT]?)?$")) {
            (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard let range = DiskSizeRange(text) else {
                throw DocumentError(
                    at: node.mark, "\(name) must be a range such as 100G..2T, 100G.. or ..2T, not '\(text)'")
            }
            return range
        }
    }
}

extension DocumentValue where Value == String {
    /// A name below `/dev/disk/by-id` or its like: names of the kernel's own differ between two starts.
    static func diskName(in folder: String) -> Self {
        Self(.text("a name in \(folder)", pattern: "^(\(folder)/)?[^-/]+-[^/]+$")) {
            (node, name) throws(DocumentError) in
            let text = try node.text(name)
            let short = text.hasPrefix("\(folder)/") ? String(text.dropFirst(folder.utf8.count + 1)) : text
            // All of them have a word and a dash in front, such as ata- or pci-.
            let parts = short.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts.contains(""), !short.utf8.contains(UInt8(ascii: "/")) else {
                throw DocumentError(
                    at: node.mark,
                    "\(name) must be a name in \(folder), not '\(text)': names such as /dev/sda differ between two starts"
                )
            }
            return short
        }
    }
}

/// The sizes that a disk may have, both ends included.
package struct DiskSizeRange: Equatable, Sendable {
    /// The text as it was written.
    package let text: String
    /// The smallest, in bytes.
    let smallest: Int64
    /// The largest, in bytes.
    let largest: Int64

    /// Reads `100G..2T`, `100G..` or `..2T`; nil for anything else, and when no size is in it.
    init?(_ text: String) {
        guard let dots = Self.dots(in: text) else { return nil }
        let (before, after) = (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
        guard !before.isEmpty || !after.isEmpty, let smallest = before.isEmpty ? 0 : ByteCount(argument: before)?.bytes,
            let largest = after.isEmpty ? Int64.max : ByteCount(argument: after)?.bytes, smallest <= largest
        else { return nil }
        (self.text, self.smallest, self.largest) = (text, smallest, largest)
    }

    /// Whether a disk may have this size.
    func contains(_ size: Int64) -> Bool { size >= smallest && size <= largest }

    private static func dots(in text: String) -> Range<String.Index>? {
        guard let first = text.firstIndex(of: ".") else { return nil }
        let second = text.index(after: first)
        guard second < text.endIndex, text[second] == "." else { return nil }
        return first..<text.index(after: second)
    }
}
