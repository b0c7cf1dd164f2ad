package import Faults

/// Says why a text is no glob.
package typealias GlobError = Fault<GlobFault>

/// Names what cannot be read as a glob.
package enum GlobFault: FaultKind {
    /// Its text.
    case text
}

/// Matches paths of a tree: `*` stands for any characters but `/`, `?` for one, `[a-z]` and `[!a-z]` for one of or
/// outside of a class, `**` for any number of folders, `\` takes a special character as it is.
///
/// A glob that matches a folder also stands for all that is in it. `/a/**` stands for what is in `/a`, and not for
/// `/a`.
package struct PathGlob: Hashable, Sendable, CustomStringConvertible {
    /// The longest text in bytes: the kernel's PATH_MAX.
    package static let lengthLimit = 4_096
    /// The most parts between slashes.
    private static let partLimit = 64

    /// The text that it was read from.
    package let description: String
    private let parts: [GlobPart]
    /// What every path begins with that it matches, up to the first special character.
    private let prefix: [UInt8]

    /// Reads a glob.
    ///
    /// - Throws: `GlobError` with what is wrong in it.
    package init(parsing text: String) throws(GlobError) {
        func fault(_ cause: String) -> GlobError {
            GlobError(
                .text, "reading the glob", "\"\(text.prefix(200))\"", cause: cause,
                remedy: "Write a path from / on, with *, ?, [a-z] or **, as in /usr/share/doc/**.")
        }
        guard text.utf8.count <= Self.lengthLimit else { throw fault("it is longer than \(Self.lengthLimit) bytes") }
        guard text.utf8.first == UInt8(ascii: "/") else { throw fault("it does not begin with /") }
        guard text != "/" else { throw fault("it stands for the root alone") }
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            throw fault("it has a control character")
        }
        var pieces = text.unicodeScalars.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        if pieces.count > 1, pieces.last?.isEmpty ?? false { pieces.removeLast() }
        guard pieces.count <= Self.partLimit else { throw fault("it has more than \(Self.partLimit) parts") }
        var parts: [GlobPart] = []
        for piece in pieces {
            do throws(GlobPart.Failure) { parts.append(try GlobPart(Array(piece))) } catch { throw fault(error.cause) }
        }
        description = text
        self.parts = parts
        prefix = Self.prefix(of: parts)
    }

    private static func prefix(of parts: [GlobPart]) -> [UInt8] {
        var prefix: [UInt8] = []
        for part in parts {
            guard let name = part.literal else { break }
            if !prefix.isEmpty { prefix.append(UInt8(ascii: "/")) }
            prefix += name
        }
        return prefix
    }

    /// Says whether it stands for a path: it matches the path, or a folder that the path lies in.
    package func covers(_ path: EntryPath) -> Bool {
        guard path.bytes.starts(with: prefix) else { return false }
        // One bit for each part that may match the next name; a part `**` may match it and stay.
        var open: UInt64 = 1
        for name in path.bytes.split(separator: UInt8(ascii: "/")) {
            var next: UInt64 = 0
            open = skipping(open)
            for (index, part) in parts.enumerated() where open >> index & 1 == 1 {
                guard part == .folders || part.matches(name) else { continue }
                if index == parts.count - 1 { return true }
                next |= 1 << (part == .folders ? index : index + 1)
            }
            if next == 0 { return false }
            open = next
        }
        return false
    }

    /// The parts that can match next, with those behind a `**` that matches nothing.
    private func skipping(_ open: UInt64) -> UInt64 {
        var all = open
        for (index, part) in parts.dropLast().enumerated() where part == .folders && all >> index & 1 == 1 {
            all |= 1 << (index + 1)
        }
        return all
    }

    /// Compares texts.
    package static func == (one: PathGlob, other: PathGlob) -> Bool { one.description == other.description }

    /// Hashes the text.
    package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension [PathGlob] {
    /// Says whether one of them stands for a path.
    package func cover(_ path: EntryPath) -> Bool { contains { $0.covers(path) } }
}
