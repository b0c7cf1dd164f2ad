/// Gives each package an identifier within the document: letters, digits, `.` and `-` alone.
struct SPDXNames {
    private var names: [InstalledSoftware: String] = [:]

    /// Names packages; of those that would have the same name, later ones get a number.
    init(_ packages: [InstalledSoftware]) {
        var used: [String: Int] = [:]
        for package in packages {
            let parts = [package.kind.rawValue, package.name, package.architecture].compactMap { $0 }
            let name = "SPDXRef-" + parts.map(Self.word).joined(separator: "-")
            let count = used[name, default: 0]
            used[name] = count + 1
            names[package] = count == 0 ? name : "\(name)..\(count + 1)"
        }
    }

    /// The name of one of the packages.
    subscript(package: InstalledSoftware) -> String { names[package] ?? "SPDXRef-none" }

    /// What is no letter, digit or `-` is written as a point and its two digits.
    private static func word(_ text: String) -> String {
        var word = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D: word.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x2F, 0x2E: word += byte == 0x2F ? "-" : "."
            default: word += "." + String(byte, radix: 16, uppercase: true)
            }
        }
        return word
    }
}

/// Words who maintains a package as SPDX does: `Person: Name (address)`.
enum SPDXActor {
    /// Words of a name that only groups have.
    private static let groups = ["team", "maintainers", "developers", "group", "packagers", "project", "list", "inc"]

    /// Words a maintainer, a name with an address in `<>` behind it.
    static func text(_ maintainer: String) -> String {
        let parts = maintainer.split(separator: "<", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String((parts.first ?? "").filter { $0 != "(" && $0 != ")" && $0 != "\"" })
            .split(separator: " ").joined(separator: " ")
        let address = parts.count > 1 ? parts[1].prefix { $0 != ">" } : ""
        let words = name.lowercased().split { !$0.isLetter }.map(String.init)
        let kind = words.contains(where: groups.contains) ? "Organization" : "Person"
        let isAddress = address.contains("@") && !address.contains { $0 == " " || $0 == "(" || $0 == ")" }
        return "\(kind): \(name.isEmpty ? "unknown" : name)" + (isAddress ? " (\(address))" : "")
    }
}
