/// The name of a module of the kernel, as the kernel itself writes it.
///
/// A hyphen and an underscore are the same in a name (kmod, `underscores`), and files of modules use either.
package struct ModuleName: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The name, with underscores.
    package let description: String

    /// Takes a name with hyphens or underscores.
    package init(_ name: some StringProtocol) { self.init(bytes: name.utf8) }

    /// Takes the bytes of a name with hyphens or underscores.
    init(bytes: some Sequence<UInt8>) {
        description = String(decoding: bytes.map(Self.normalized), as: UTF8.self)
    }

    /// Takes a name of the program's own.
    package init(stringLiteral name: String) { self.init(name) }

    /// Takes the name of a module's file, such as `kernel/fs/ext4/ext4.ko.xz`; nil when it is no module's.
    init?(file: ArraySlice<UInt8>) {
        let name = file.lastIndex(of: UInt8(ascii: "/")).map { file[($0 + 1)...] } ?? file
        let mark = Array(".ko".utf8)
        guard
            let end = name.indices.first(where: { place in
                let rest = name[place...]
                return rest.starts(with: mark) && (rest.count == mark.count || rest[place + mark.count] == mark[0])
            }), end > name.startIndex
        else { return nil }
        self.init(bytes: name[..<end])
    }

    /// A byte of a name, with an underscore for a hyphen.
    static func normalized(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "-") ? UInt8(ascii: "_") : byte }

    /// In the order of the bytes.
    package static func < (one: ModuleName, other: ModuleName) -> Bool { one.description < other.description }
}
