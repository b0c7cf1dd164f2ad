import DocumentTree
import Faults
import ImageModel
import PackageModel
import RegistryModel

/// Says why a text of a file cannot be used; whoever knows where it stands adds the place.
struct SpecTextError: Error, CustomStringConvertible {
    /// What is wrong and what to write instead, without a full stop.
    let description: String

    init(_ reason: String) { description = reason }

    init(_ error: PackageTextError) { self.init("\(error.subject): \(error.cause). \(error.remedy)") }
}

extension DocumentValue {
    /// A text with a form of its own, in which values may have been put; `pattern` is what it looks like without any.
    init(
        form words: String, _ pattern: String, _ parse: @escaping @Sendable (String) throws(SpecTextError) -> Value
    ) {
        self.init(text: words, pattern: "^(?:\(pattern))$|\\$\\{", parse: parse)
    }
}

extension DocumentValue where Value == PackageName {
    static let part = "[a-z0-9][a-z0-9.+-]*"

    /// `category/name`.
    static var packageName: Self {
        Self(form: "`category/name`", "\(part)/\(part)") { (text) throws(SpecTextError) in
            do throws(PackageTextError) { return try PackageName(parsing: text) } catch { throw SpecTextError(error) }
        }
    }
}

extension DocumentValue where Value == PackageVersion {
    /// A version; editors take what looks like a number, too.
    static var packageVersion: Self {
        Self(.text("a version in Debian's form")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            do throws(PackageTextError) { return try PackageVersion(parsing: text) } catch {
                throw DocumentError(at: node.mark, SpecTextError(error).description)
            }
        }
    }
}

extension DocumentValue where Value == PackageRequest {
    /// A name, and conditions on the version.
    static var request: Self {
        let part = DocumentValue<PackageName>.part
        return Self(form: "a request such as `system/kernel >= 6.1, < 7`", "\(part)/\(part)( *[@<>=!].*)?") {
            (text) throws(SpecTextError) in
            do throws(PackageTextError) { return try PackageRequest(parsing: text) } catch {
                throw SpecTextError(error)
            }
        }
    }
}

extension DocumentValue where Value == Digest {
    /// SHA-256 as `sha256sum` writes it, or as registries do.
    static var sha256: Self {
        Self(form: "64 hexadecimal digits", "(sha256:)?[0-9a-f]{64}") { (text) throws(SpecTextError) in
            guard let digest = Digest(hex: text) ?? Digest(registryText: text) else {
                throw SpecTextError("\(text.quoted) must be 64 lower-case hexadecimal digits, as sha256sum writes them")
            }
            return digest
        }
    }
}

extension DocumentValue where Value == String {
    /// One line of text.
    static var line: Self {
        Self(.text("a line of text")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard text.utf8.count <= 4096, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw DocumentError(at: node.mark, "\(name) must be one line of at most 4096 bytes")
            }
            return text
        }
    }

    /// A command for a shell, of one line or many.
    static var command: Self {
        Self(.text("a command")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard !text.utf8.contains(0) else { throw DocumentError(at: node.mark, "\(name) has a zero byte") }
            return text
        }
    }

    /// Any text, also an empty one.
    static var anyText: Self {
        Self(.text("a text")) { (node, name) throws(DocumentError) in
            let text = try node.scalar(name)
            guard !text.utf8.contains(0) else { throw DocumentError(at: node.mark, "\(name) has a zero byte") }
            return text
        }
    }

    /// An SPDX expression, by its letters alone.
    static var license: Self {
        Self(form: "an SPDX expression", "[A-Za-z0-9.+:() -]+") { (text) throws(SpecTextError) in
            let isLetter: (UInt8) -> Bool = { isWordByte($0) || " .+:()-".utf8.contains($0) }
            guard text.utf8.count <= 512, text.utf8.allSatisfy(isLetter) else {
                throw SpecTextError("\(text.quoted) must be an SPDX expression, such as Apache-2.0 OR MIT")
            }
            return text
        }
    }

    /// An address of the web without credentials.
    static var webAddress: Self {
        Self(form: "an address with `https://`", "https?://.+") { (text) throws(SpecTextError) in
            let rest = ["https://", "http://"].first(where: text.hasPrefix).map { text.dropFirst($0.count) }
            let host = rest.map { $0.prefix { $0 != "/" && $0 != "?" && $0 != "#" } } ?? ""
            guard !host.isEmpty, text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw SpecTextError("\(text.quoted) must be an address that begins with https:// or http://")
            }
            guard !host.contains("@") else {
                throw SpecTextError("an address must not hold a user or password, which lock files would show")
            }
            return text
        }
    }

    /// A glob of paths: absolute, without `..`, and `**` only as a whole name.
    static var glob: Self {
        Self(form: "a glob", "/.+") { (text) throws(SpecTextError) in
            let names = text.utf8.split(separator: UInt8(ascii: "/"))
            let isUsual = names.allSatisfy { name in
                let isWild = name.elementsEqual("**".utf8) || !hasTwoStars(name)
                return isWild && !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8)
            }
            guard text.hasPrefix("/"), !names.isEmpty, isUsual, isPath(text) else {
                throw SpecTextError(
                    "\(text.quoted) must be an absolute path, in which '*' and '?' stand for parts of a name and '**' "
                        + "for whole names")
            }
            return text
        }
    }

    /// The name of a variable of the environment.
    static var variable: Self {
        Self(form: "the name of a variable", "[A-Za-z_][A-Za-z0-9_]*") { (text) throws(SpecTextError) in
            guard isVariable(text) else {
                throw SpecTextError("\(text.quoted) must be the name of a variable: letters, digits and '_'")
            }
            return text
        }
    }

    /// The name of a layer, of a secret or of a kind of values.
    static var word: Self {
        Self(form: "letters, digits, `.`, `_`, `-`", "[A-Za-z0-9_][A-Za-z0-9._-]*") { (text) throws(SpecTextError) in
            guard ManifestText.isName(text) else {
                throw SpecTextError("\(text.quoted) must be at most 64 letters, digits, '.', '_' and '-'")
            }
            return text
        }
    }
}

private func hasTwoStars(_ name: Substring.UTF8View) -> Bool {
    zip(name, name.dropFirst()).contains { $0 == UInt8(ascii: "*") && $1 == UInt8(ascii: "*") }
}

/// Whether a byte is a letter or a digit.
func isWordByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
}

/// Whether a text can be a path: short enough, and without control characters.
func isPath(_ text: String) -> Bool {
    (1...4096).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
}

/// Whether a text is the name of a variable.
func isVariable(_ text: String) -> Bool {
    guard (1...128).contains(text.utf8.count), let first = text.utf8.first, !(0x30...0x39).contains(first) else {
        return false
    }
    return text.utf8.allSatisfy { isWordByte($0) || $0 == UInt8(ascii: "_") }
}
