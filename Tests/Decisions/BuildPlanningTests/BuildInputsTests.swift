import JSONText
import Testing

@testable import BuildPlanning

@Suite("What enters the key of a build")
struct BuildInputsTests {
    private static func inputs(_ pairs: KeyValuePairs<String, String>) -> BuildInputs {
        var inputs = BuildInputs()
        for (name, value) in pairs { inputs.add(name, value) }
        return inputs
    }

    @Test("is the same text for the same inputs, another for any other, and reads back")
    func canonical() throws {
        let inputs = Self.inputs(["base": "sha256:1", "step 1": "make\n\"all\""])
        #expect(
            String(decoding: inputs.canonical, as: UTF8.self)
                == #"{"format":1,"inputs":[["base","sha256:1"],["step 1","make\n\"all\""]]}"#)
        #expect(BuildInputs(.object(inputs.json)) == inputs)
        let others: [BuildInputs] = [
            Self.inputs(["base": "sha256:1step 1", "": "make\n\"all\""]), Self.inputs(["base": "sha256:1"]),
            Self.inputs(["step 1": "make\n\"all\"", "base": "sha256:1"]),
        ]
        for other in others { #expect(other.canonical != inputs.canonical) }
    }

    @Test(
        "of another format, or none at all, is not read",
        arguments: [#"{"format":2,"inputs":[]}"#, "[]", #"{"format":1}"#, #"{"format":1,"inputs":[["a"]]}"#])
    func foreign(text: String) throws {
        #expect(BuildInputs(try JSONValue(parsing: Array(text.utf8))) == nil)
    }

    @Test("differs first where people look first, and says what was there before")
    func difference() {
        let old = Self.inputs(["base": "1", "step 1": "make", "file a": "x"])
        let cases: [(BuildInputs, String?)] = [
            (old, nil), (Self.inputs(["base": "2", "step 1": "make", "file a": "y"]), "base: 1 → 2"),
            (Self.inputs(["base": "1", "step 1": "make\nall", "file a": "x"]), "step 1: make → make all"),
            (Self.inputs(["base": "1", "step 1": "make", "step 2": "test", "file a": "x"]), "step 2 was added: test"),
            (Self.inputs(["base": "1", "step 1": "make"]), "file a is gone; it was x"),
            (Self.inputs(["base": "1", "step 1": "make", "include /a": "", "file a": "x"]), "include /a was added"),
            (
                Self.inputs(["step 1": "make", "base": "1", "file a": "x"]),
                "order: base, step 1, file a → step 1, base, file a"
            ),
            (
                Self.inputs(["base": String(repeating: "z", count: 99)]),
                "base: 1 → \(String(repeating: "z", count: 60))…"
            ),
        ]
        for (new, expected) in cases { #expect(new.firstDifference(from: old)?.description == expected) }
    }
}
