import SeededNumbers
import Testing
import TreeFixtures

@testable import TreeModel

@Suite("Globs")
struct PathGlobTests {
    @Test(
        "a glob stands for what it matches, and for all that is in a folder that it matches",
        arguments: [
            ("/etc/passwd", ["etc/passwd"], ["etc", "etc/passwd-", "etc/pass", "x/etc/passwd"]),
            ("/opt/app", ["opt/app", "opt/app/bin", "opt/app/bin/x"], ["opt", "opt/application"]),
            ("/opt/app/", ["opt/app", "opt/app/bin"], ["opt"]),
            ("/var/cache/**", ["var/cache/a", "var/cache/a/b"], ["var/cache", "var"]),
            ("/**", ["a", "a/b"], []),
            ("/**/x", ["x", "a/x", "a/b/x", "a/x/y"], ["a/b", "ax"]),
            ("/usr/**/*.gz", ["usr/a.gz", "usr/share/doc/a.gz"], ["usr/a.gzip", "a.gz", "usr"]),
            ("/a/**/b/**/c", ["a/b/c", "a/x/b/y/z/c", "a/b/b/c/c"], ["a/b", "a/c", "a/x/c/b"]),
            ("/etc/*-", ["etc/passwd-", "etc/-"], ["etc/a/b-", "etc/passwd"]),
            ("/etc/*", ["etc/a", "etc/a/b"], ["etc"]),
            ("/?", ["a", "ä", "€"], ["ab"]),
            ("/lib/*.so.?", ["lib/a.so.1", "lib/.so.x"], ["lib/a.so.", "lib/a.so.10"]),
            ("/[a-cx]1", ["a1", "b1", "x1"], ["d1", "-1", "a"]),
            ("/[!a-c]1", ["d1", "ä1"], ["a1", "1"]), ("/[^a]", ["b"], ["a"]),
            ("/[]-]", ["]", "-"], ["a"]), ("/[a\\]]", ["a", "]"], ["\\"]), ("/[ä-ü]", ["ö"], ["a"]),
            ("/a\\*b", ["a*b"], ["axb"]), ("/a\\{b\\}", ["a{b}"], []), ("/.a", [".a"], ["a"]),
            ("/*a*b*", ["ab", "xaxbx", "aab"], ["ba", "a"]),
        ])
    func matches(text: String, covered: [EntryPath], others: [EntryPath]) throws {
        let glob = try PathGlob(parsing: text)
        #expect(covered.filter { !glob.covers($0) } == [])
        #expect(others.filter { glob.covers($0) } == [])
        #expect(!glob.covers(.root))
    }

    @Test("a byte that is no text is one character, which no letter matches")
    func bytes() throws {
        let path = try #require(EntryPath(normalizing: [0x61, 0xFF, 0x62]))
        for (text, isCovered) in [
            ("/a?b", true), ("/a*", true), ("/a[!x]b", true), ("/a[a-z]b", false), ("/ab", false),
        ] {
            #expect(try PathGlob(parsing: text).covers(path) == isCovered, "\(text)")
        }
    }

    @Test(
        "what is no glob is an error with its text",
        arguments: [
            ("", "does not begin with /"), ("etc/x", "does not begin with /"), ("/", "the root alone"),
            ("/a//b", "two slashes"), ("//a", "two slashes"), ("/a/../b", ". or .."), ("/./a", ". or .."),
            ("/a**", "** is not the whole"), ("/***", "** is not the whole"), ("/[a", "a class has no ]"),
            ("/[]", "a class has no ]"), ("/[z-a]", "goes backwards"), ("/a\\", "nothing follows"),
            ("/[\\", "nothing follows"), ("/{a,b}", "braces"), ("/a\nb", "control character"),
            ("/" + String(repeating: "a/", count: 64) + "b", "more than 64 parts"),
            ("/" + String(repeating: "a", count: 4_096), "longer than 4096 bytes"),
        ])
    func errors(text: String, cause: String) {
        let error = #expect(throws: GlobError.self) { try PathGlob(parsing: text) }
        #expect(error.map { "\($0)".contains(cause) } == true, "\(error.map { "\($0)" } ?? "")")
        #expect(error.map { "\($0)".contains(String(text.prefix(100))) } == true)
    }

    @Test("a glob matches as the plain meaning of its parts does")
    func model() throws {
        var numbers = SeededGenerator(seed: 7)
        for _ in 0..<3_000 {
            let parts = (0...Int.random(in: 0...3, using: &numbers)).map { _ in
                ["**", "a", "b", "*", "a*", "?b"].randomElement(using: &numbers) ?? "a"
            }
            let names = (0...Int.random(in: 0...4, using: &numbers)).map { _ in
                ["a", "b", "ab", "ba"].randomElement(using: &numbers) ?? "a"
            }
            let glob = try PathGlob(parsing: "/" + parts.joined(separator: "/"))
            let path = EntryPath(components: names.map { Array($0.utf8) })
            let isCovered = names.indices.contains { Self.matches(parts[...], names[...$0]) }
            #expect(glob.covers(path) == isCovered, "\(glob) \(path)")
        }
    }

    /// Matches whole paths, by trying everything.
    private static func matches(_ parts: ArraySlice<String>, _ names: ArraySlice<String>) -> Bool {
        guard let part = parts.first else { return names.isEmpty }
        guard let name = names.first else { return false }
        if part == "**" {
            if parts.count == 1 { return true }
            return matches(parts.dropFirst(), names) || matches(parts, names.dropFirst())
        }
        let fits =
            switch part {
            case "*": true
            case "a*": name.hasPrefix("a")
            case "?b": name.count == 2 && name.hasSuffix("b")
            default: part == name
            }
        return fits && matches(parts.dropFirst(), names.dropFirst())
    }

    @Test("a part matches a name as trying everything does, with stars alone and with other characters")
    func parts() throws {
        var numbers = SeededGenerator(seed: 9)
        for _ in 0..<4_000 {
            let alphabet = Bool.random(using: &numbers) ? ["a", "b", "*"] : ["a", "b", "*", "?", "[ab]", "[!a]"]
            let tokens = (0...Int.random(in: 0...5, using: &numbers)).map { _ in
                alphabet.randomElement(using: &numbers) ?? "a"
            }
            // Two stars are one thing, and may not stand beside others.
            let pattern = tokens.enumerated().filter { $0 == 0 || $1 != "*" || tokens[$0 - 1] != "*" }.map(\.element)
            let name = String(
                (0..<Int.random(in: 1...7, using: &numbers)).map { _ in
                    ["a", "b", "é"].randomElement(using: &numbers) ?? "a"
                }.joined())
            let glob = try PathGlob(parsing: "/" + pattern.joined())
            let path = EntryPath(components: [Array(name.utf8)])
            #expect(glob.covers(path) == Self.matches(pattern[...], name[...]), "\(glob) \(name)")
        }
    }

    private static func matches(_ tokens: ArraySlice<String>, _ name: Substring) -> Bool {
        guard let token = tokens.first else { return name.isEmpty }
        if token == "*" {
            return matches(tokens.dropFirst(), name) || !name.isEmpty && matches(tokens, name.dropFirst())
        }
        guard let character = name.first else { return false }
        let fits =
            switch token {
            case "?": true
            case "[ab]": "ab".contains(character)
            case "[!a]": character != "a"
            default: token == String(character)
            }
        return fits && matches(tokens.dropFirst(), name.dropFirst())
    }

    @Test("no text and no path makes a glob trap")
    func noise() {
        var numbers = SeededGenerator(seed: 13)
        let alphabet = Array("*?[]!^-\\/{}a.\u{e9}\u{1}".utf8)
        var count = 0
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &numbers)).map { _ in
                alphabet.randomElement(using: &numbers) ?? 0x61
            }
            let text = "/" + String(decoding: bytes, as: UTF8.self)
            guard let glob = try? PathGlob(parsing: text) else { continue }
            count += 1
            let noise = (0..<8).map { _ in UInt8.random(in: 1...255, using: &numbers) }
            if let path = EntryPath(normalizing: noise + bytes) { _ = glob.covers(path) }
            #expect(!glob.covers(.root))
        }
        #expect(count > 300)
    }
}
