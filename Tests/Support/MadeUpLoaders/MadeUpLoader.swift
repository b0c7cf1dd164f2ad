/// A program for UEFI with nothing in it but what others read: headers, sections and a signature that nobody checks.
package struct MadeUpLoader {
    /// The machine's number in the header; that of x64 unless another is named.
    package var machine: UInt16 = 0x8664
    /// Whether something looks like a signature.
    package var isSigned = true
    /// The sections by name, in this order.
    package var sections: [(name: String, content: [UInt8])]

    /// Names the sections.
    package init(_ sections: [(name: String, content: [UInt8])]) { self.sections = sections }

    /// What shim looks like.
    ///
    /// - Parameters:
    ///   - mark: bytes by which two of them differ.
    ///   - level: what it asks of others by itself; nil for a shim that asks nothing.
    ///   - own: what it says of itself.
    ///   - maker: whose programs it starts; what it refuses is another list each time.
    package static func shim(
        _ mark: String = "", level: String? = "sbat,1,2025021800\ngrub,5\n", own: String = "sbat,1\nshim,4\n",
        maker: String = "maker"
    ) -> MadeUpLoader {
        let (trusted, refused) = (Array(maker.utf8), Array(mark.utf8))
        let sizes = number(trusted.count, 4) + number(refused.count, 4)
        let places = number(16 + refused.count, 4) + number(16, 4)
        let keys = sizes + places + refused + trusted
        var sections = [(".text", Array(mark.utf8)), (".vendor_cert", keys), (".sbat", Array(own.utf8))]
        if let level {
            let latest = Array("sbat,1,2025051000\ngrub,9\n".utf8)
            let automatic = Array(level.utf8) + [0]
            // What counts by itself lies behind the other here, so that its place is read and not guessed.
            sections.append(
                (".sbatlevel", number(0, 4) + number(8 + latest.count + 1, 4) + number(8, 4) + latest + [0] + automatic)
            )
        }
        return MadeUpLoader(sections)
    }

    /// What a distribution's GRUB looks like.
    ///
    /// - Parameter own: what it says of itself.
    package static func grub(
        _ mark: String = "", prefix: String = "/EFI/debian", own: String = "sbat,1\ngrub,5,x\ngrub.debian,5\n"
    ) -> MadeUpLoader {
        let module = piece(0, Array("a module".utf8))
        let pieces = module + piece(3, Array(prefix.utf8) + [0])
        let header = Array("mimg".utf8) + number(0, 4) + number(24, 8) + number(24 + pieces.count, 8)
        return MadeUpLoader([(".text", Array(mark.utf8)), ("mods", header + pieces), (".sbat", Array(own.utf8))])
    }

    private static func piece(_ kind: Int, _ content: [UInt8]) -> [UInt8] {
        number(kind, 4) + number(8 + content.count, 4) + content
    }

    private static func number(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// All of it, the table of long names at its end.
    package var bytes: [UInt8] {
        let optional = 112 + 16 * 8
        let start = 64 + 24 + optional + 40 * sections.count
        let symbols = start + sections.reduce(0) { $0 + $1.content.count }
        var names = Self.number(0, 4)
        var (table, content): ([UInt8], [UInt8]) = ([], [])
        for section in sections {
            var name = Array(section.name.utf8)
            if name.count > 8 {
                name = Array("/\(names.count)".utf8)
                names += Array(section.name.utf8) + [0]
            }
            let size = section.content.count
            table += name + [UInt8](repeating: 0, count: 8 - name.count) + Self.number(size, 4) + Self.number(0, 4)
            table += Self.number(size, 4) + Self.number(start + content.count, 4) + [UInt8](repeating: 0, count: 16)
            content += section.content
        }
        var head = [UInt8]("MZ".utf8) + [UInt8](repeating: 0, count: 58) + Self.number(64, 4)
        head += [UInt8]("PE\0\0".utf8) + Self.number(Int(machine), 2) + Self.number(sections.count, 2)
        head +=
            Self.number(0, 4) + Self.number(symbols, 4) + Self.number(2, 4) + Self.number(optional, 2)
            + Self.number(0, 2)
        var options = Self.number(0x20B, 2) + [UInt8](repeating: 0, count: optional - 2)
        if isSigned { options.replaceSubrange(144..<152, with: Self.number(symbols, 4) + Self.number(8, 4)) }
        // Two symbols, which nobody reads, before the table of long names.
        return head + options + table + content + [UInt8](repeating: 0, count: 36) + names
    }
}
