/// Orders kernel versions as people do: runs of digits by their number, the rest by its letters.
package struct KernelVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The version as spelled: `6.1.0-44-cloud-amd64`.
    package let description: String

    /// Takes a version as it follows `vmlinuz-`; may be empty.
    package init(_ text: String) { description = text }

    /// Compares part by part; `6.1.0-9` comes before `6.1.0-44`, a release candidate before its release.
    package static func < (left: KernelVersion, right: KernelVersion) -> Bool {
        let (mine, other) = (left.parts, right.parts)
        for (first, second) in zip(mine, other) where first != second { return precedes(first, second) }
        if mine.count != other.count {
            let (longer, shorterCount) = mine.count > other.count ? (mine, other.count) : (other, mine.count)
            let isCandidate = longer[shorterCount...].contains { $0.starts(with: "rc") || $0.starts(with: "~") }
            return (mine.count < other.count) != isCandidate
        }
        return left.description < right.description
    }

    /// Runs of digits and runs of letters; separators only separate.
    private var parts: [Substring] {
        var parts: [Substring] = []
        var rest = description[...]
        while let first = rest.first {
            let isNumber = first.isASCII && first.isNumber
            let run = rest.prefix { isNumber ? $0.isASCII && $0.isNumber : $0.isLetter || $0 == "~" }
            if run.isEmpty {
                rest = rest.dropFirst()
            } else {
                parts.append(run)
                rest = rest[run.endIndex...]
            }
        }
        return parts
    }

    private static func precedes(_ left: Substring, _ right: Substring) -> Bool {
        guard let leftDigit = left.first?.isNumber, let rightDigit = right.first?.isNumber else { return left < right }
        if leftDigit, rightDigit {
            let (first, second) = (left.drop { $0 == "0" }, right.drop { $0 == "0" })
            return first.count == second.count ? first < second : first.count < second.count
        }
        return leftDigit == rightDigit ? left < right : rightDigit
    }
}

/// Reads the version out of a kernel file.
package enum KernelImageVersion {
    /// The bytes from the start of the file that suffice.
    package static let headLength = 64 << 10

    /// The version of an x86 kernel, as its modules' folder is named; nil for other files.
    ///
    /// The setup header has the offset of a text that begins with it (Documentation/arch/x86/boot.rst, `kernel_version`).
    package static func version(head: [UInt8]) -> KernelVersion? {
        guard head.count >= 0x210, Array(head[0x202..<0x206]) == Array("HdrS".utf8) else { return nil }
        let start = 0x200 + (Int(head[0x20E]) | Int(head[0x20F]) << 8)
        guard start > 0x200, start < head.count else { return nil }
        let text = head[start...].prefix { $0 > 0x20 && $0 < 0x7F }
        guard (1...128).contains(text.count) else { return nil }
        return KernelVersion(String(decoding: text, as: UTF8.self))
    }
}
