/// Says which texts a manifest may hold; the builder checks its options with the same rules.
package enum ManifestText {
    /// The longest list of kernel arguments in bytes, joined by spaces: what fits a GRUB environment block of 1,024 bytes
    /// beside its header and the variable's name.
    package static let maximumKernelArguments = 900

    /// Says whether a text is a name: 1 to 64 letters, digits, `.`, `_`, `-`, not beginning with `.` or `-`.
    package static func isName(_ text: String) -> Bool { isWord(text, maximum: 64, besides: "._-") }

    /// Says whether a text is a version: 1 to 128 characters as in a name, and `+`, `~`, `:`.
    package static func isVersion(_ text: String) -> Bool { isWord(text, maximum: 128, besides: "._-+~:") }

    /// Says whether a text is one kernel argument: printable ASCII without space, quotes, `\` and `$`.
    package static func isKernelArgument(_ text: String) -> Bool {
        let refused = Array("\"'\\$ ".utf8)
        return !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !refused.contains($0) }
    }

    /// Says whether a text is a UUID: 36 characters, lower case.
    package static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12] else { return false }
        return Hexadecimal.bytes(of: parts.joined()) != nil
    }

    /// Says whether a text is the name of an os-release field: capital letters, digits and `_` (os-release(5)).
    package static func isFieldName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
            }
    }

    private static func isWord(_ text: String, maximum: Int, besides: String) -> Bool {
        guard (1...maximum).contains(text.utf8.count), !text.hasPrefix("."), !text.hasPrefix("-") else { return false }
        let others = Array(besides.utf8)
        return text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || others.contains($0)
        }
    }
}
