/// The name of an overlay: two digits that say its place in the stack, and a word, such as `10-tools`.
///
/// Policies, `/oem` over `/system/oem`, and reports go by it; what the overlay is stored as, and its version, do not count.
package struct OverlayName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The words for what a name must be.
    static let form = "two digits, '-', and letters, digits, '.', '_', '+' or '-', such as 10-tools"

    /// The two digits; the higher lies above the lower.
    package let order: String
    /// What follows the digits and '-'.
    package let word: String

    /// Takes a name of the form; nil for any other.
    ///
    /// No character has a meaning in mount options or in paths.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count > 3, bytes.count <= 128, bytes[2] == UInt8(ascii: "-") else { return nil }
        guard bytes.prefix(2).allSatisfy(Self.isDigit), Self.isWord(bytes[3...]) else { return nil }
        order = String(decoding: bytes.prefix(2), as: UTF8.self)
        word = String(decoding: bytes[3...], as: UTF8.self)
    }

    /// As it is written.
    package var description: String { "\(order)-\(word)" }

    /// Compares byte by byte, which of two digits is also their number.
    package static func < (left: OverlayName, right: OverlayName) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isWord(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, isDigit(first) || isLetter(first) else { return false }
        return bytes.allSatisfy { isDigit($0) || isLetter($0) || Array("._+-".utf8).contains($0) }
    }
}

/// What an overlay is stored as; the raw value is the suffix of its file.
package enum OverlayForm: String, CaseIterable, Sendable {
    /// A folder with `usr`, `opt` or `etc` in it.
    case folder = ""
    /// An archive of such a folder.
    case tar = ".tar"
    /// The same, compressed.
    case compressedTar = ".tar.zst"
    /// An image of any filesystem, or of a partition table.
    case raw = ".raw"
    /// An image of squashfs.
    case squashfs = ".squashfs"
    /// An image of EROFS.
    case erofs = ".erofs"

    /// Whether it is mounted, and not unpacked or taken as it is.
    package var isImage: Bool { [.raw, .squashfs, .erofs].contains(self) }
    /// Whether it is unpacked.
    package var isArchive: Bool { [.tar, .compressedTar].contains(self) }

    /// What reports call it.
    package var word: String { self == .folder ? "folder" : String(rawValue.dropFirst()) }
}

/// A file or folder that is an overlay by its name: `10-tools_1.2.raw`.
package struct OverlayFile: Equatable, Sendable {
    /// The name in the folder of overlays.
    package let fileName: String
    /// The name of the overlay.
    package let name: OverlayName
    /// What follows the last '_', when that begins with a digit (systemd.v(7) writes versions so); else nil.
    package let version: String?
    /// What it is stored as.
    package let form: OverlayForm

    /// Reads the name of an entry; nil when it is no overlay's.
    package init?(_ fileName: String, isFolder: Bool) {
        let suffixed = OverlayForm.allCases.first { $0 != .folder && fileName.hasSuffix($0.rawValue) }
        let isPlain = suffixed == nil && !OverlayListing.suffixesBeside.contains(where: fileName.hasSuffix)
        guard let form = isFolder ? (isPlain ? .folder : nil) : suffixed else { return nil }
        let stem = fileName.dropLast(form.rawValue.count)
        let underscore = stem.lastIndex(of: "_")
        let tail = underscore.map { stem[stem.index(after: $0)...] }
        let isVersion = tail?.utf8.first.map(OverlayName.isDigit) == true
        let head = isVersion ? underscore.map { stem[..<$0] } : nil
        guard let name = OverlayName(String(head ?? stem)), OverlayName(String(stem)) != nil else { return nil }
        self.fileName = fileName
        self.name = name
        self.form = form
        version = isVersion ? tail.map(String.init) : nil
    }

    /// The names that an extension-release file in it may go by, the likeliest first.
    ///
    /// For systemd an image has the name of its file without the suffix (os-release(5)). Ours has an order before it, which
    /// whoever made the image did not know, and perhaps a version behind.
    package var releaseNames: [String] {
        let stem = String(fileName.dropLast(form.rawValue.count))
        let withoutOrder = version.map { "\(name.word)_\($0)" } ?? name.word
        return [stem, withoutOrder, name.description, name.word].reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }
}
