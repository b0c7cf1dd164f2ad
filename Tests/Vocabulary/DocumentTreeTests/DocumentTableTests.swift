import DocumentTree
import SystemPackage
import Testing

@Suite("Document table")
struct DocumentTableTests {
    @Test("every key puts its value where it belongs")
    func reads() throws {
        var sample = Sample()
        try sample.read(
            """
            look: {open: true, colour: green}
            items:
              - {weight: 9, id: a, tags: [x, 2]}
              - {id: b, weight: 2}
            named: {n: {weight: 3}}
            folder: /var
            title: 7
            """)
        #expect(
            sample
                == Sample(
                    title: "7", isOpen: true, colour: .green, folder: "/var",
                    items: [.init(id: "a", weight: 9, tags: ["x", "2"]), .init(id: "b", weight: 2)],
                    named: ["n": .init(weight: 3)]))
    }

    @Test(
        "what a document does not say stays as it is",
        arguments: ["", "look:\n", "{look: ~, named: ~}", "named: {n: }"])
    func unsaid(text: String) throws {
        let start = Sample(title: "t", isOpen: true, colour: .green, folder: "/a", named: ["n": .init(weight: 3)])
        var sample = start
        try sample.read(text)
        #expect(sample == start)
    }

    @Test("a list replaces what was there, and a name adds to it")
    func layers() throws {
        var sample = Sample(items: [.init(id: "old")], named: ["n": .init(id: "kept", weight: 3)])
        try sample.read("items: []\nnamed: {n: {weight: 4}, m: {}}\n")
        #expect(sample.items.isEmpty)
        #expect(sample.named == ["n": .init(id: "kept", weight: 4), "m": .init()])
    }

    @Test(
        "an unknown key is refused at every level, with the keys known there",
        arguments: [
            (
                "title: a\ncolour: red\n",
                "line 2, column 1: unknown key 'colour'; known are title, look, folder, items, named"
            ),
            ("look:\n  title: a\n", "line 2, column 3: unknown key 'title'; known are colour, open"),
            (
                "items:\n  - {id: a, weight: 1}\n  - {named: b}\n",
                "line 3, column 6: unknown key 'named'; known are id, weight, tags"
            ),
            ("named:\n  n: {id: a}\n", "line 2, column 7: unknown key 'id'; known are weight"),
            (
                "look: {colur: red}\n",
                "line 1, column 8: unknown key 'colur' (did you mean 'colour'?); known are colour, open"
            ),
        ])
    func unknown(text: String, message: String) {
        refuses(text, message)
    }

    @Test(
        "a value that its key does not take is refused with its place, under the name of the key",
        arguments: [
            ("- a\n", "line 1, column 1: the sample must be a mapping of keys to values"),
            ("a\n", "line 1, column 1: the sample must be a mapping of keys to values"),
            ("title: [a]\n", "line 1, column 8: title must be a text"),
            ("title: {}\n", "line 1, column 8: title must be a text"),
            ("title: \"\"\n", "line 1, column 8: title must be a text"),
            ("look: red\n", "line 1, column 7: look must be a mapping of keys to values"),
            ("look: {colour: blue}\n", "line 1, column 16: colour must be red or green, not 'blue'"),
            ("look: {open: yes}\n", "line 1, column 14: open must be true or false, not 'yes'"),
            ("look: {open: [true]}\n", "line 1, column 14: open must be a text"),
            ("folder: var\n", "line 1, column 9: folder must be an absolute path, not 'var'"),
            ("items: a\n", "line 1, column 8: items must be a list"),
            ("items: {}\n", "line 1, column 8: items must be a list"),
            ("items: [a]\n", "line 1, column 9: an item must be a mapping of keys to values"),
            (
                "items: [{id: a, weight: 10}]\n",
                "line 1, column 25: weight must be a whole number from 1 to 9, not '10'"
            ),
            ("items: [{id: a, weight: 1, tags: b}]\n", "line 1, column 34: tags must be a list"),
            ("items: [{id: a, weight: 1, tags: [b, []]}]\n", "line 1, column 38: a tag must be a text"),
            ("named: []\n", "line 1, column 8: named must be a mapping of keys to values"),
            ("named: {n: 1}\n", "line 1, column 12: a named item must be a mapping of keys to values"),
        ])
    func wrong(text: String, message: String) {
        refuses(text, message)
    }

    @Test(
        "a mapping without a required key is refused at its beginning",
        arguments: ["{id: a}", "{weight: 1}", "{tags: []}", "{}", "~"])
    func required(item: String) {
        refuses("items:\n- {id: a, weight: 1}\n- \(item)\n", "line 3, column 3: an item needs id and weight")
    }

    @Test("a free name that cannot be one is refused at its place", arguments: ["a.b", "."])
    func names(name: String) {
        refuses("named:\n  n: {}\n  \(name): {}\n", "line 3, column 3: '\(name)' must be a name without '.'")
        refuses("named: {\"\": {}}\n", "line 1, column 9: '' must be a name without '.'")
    }

    @Test("of several faults the first in the document is told, whatever the order of the table")
    func order() {
        refuses("named: 1\ntitle: []\n", "line 1, column 8: named must be a mapping of keys to values")
        refuses("title: []\nnamed: 1\n", "line 1, column 8: title must be a text")
        refuses(
            "nix: 1\ntitle: []\n", "line 1, column 1: unknown key 'nix'; known are title, look, folder, items, named")
    }

    private func refuses(_ text: String, _ message: String, location: SourceLocation = #_sourceLocation) {
        var sample = Sample()
        let error = #expect(throws: DocumentError.self, sourceLocation: location) { try sample.read(text) }
        #expect(error?.description == message, sourceLocation: location)
    }
}
