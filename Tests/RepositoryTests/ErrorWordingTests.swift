import Testing

@Suite("Wording of errors")
struct ErrorWordingTests {
    @Test("every remedy is a sentence: a capital letter or a quoted command first, a full stop last")
    func remedies() throws {
        var count = 0
        for file in try Repository.swiftFiles("Sources") {
            for remedy in ErrorWording(file.text).remedies where !remedy.isEmpty {
                count += 1
                #expect(Self.isSentence(remedy), "\(file.path): \(remedy)")
            }
        }
        // Fewer would mean that they are not found.
        #expect(count > 250)
    }

    @Test("no cause ends with a full stop: it is set where the error is rendered")
    func causes() throws {
        var count = 0
        for file in try Repository.swiftFiles("Sources") {
            for cause in ErrorWording(file.text).causes {
                count += 1
                #expect(!cause.hasSuffix("."), "\(file.path): \(cause)")
            }
        }
        #expect(count > 150)
    }

    /// Whether it begins and ends as a sentence does; a last interpolation stands for a sentence of its own.
    private static func isSentence(_ text: String) -> Bool {
        guard let first = text.first else { return false }
        return (first.isUppercase || first == "`" || first == SwiftPiece.hole)
            && (text.hasSuffix(".") || text.hasSuffix(". \(SwiftPiece.hole)"))
    }

    @Test(
        "the words are found where they are written",
        arguments: [
            (#"throw E(.a, "b", cause: "no", remedy: "Go.")"#, ["no"], ["Go."]),
            (#"throw E(.a, "b", "no" + " way", remedy: flag == "x" ? "Go." : "Stay.")"#, ["no way"], ["Go.", "Stay."]),
            (#"E(cause: "no \(a["x"] ?? "y")", remedy: "Go " + place)"#, ["no \u{FFFC}"], ["Go \u{FFFC}"]),
            (#"func f(_ a: Int, remedy: String = "Go.") {}"#, [], ["Go."]),
            (
                #"func remedy(_ a: Int) -> String { switch a { case 1: "Go." default: "Stay." } }"#, [],
                ["Go.", "Stay."]
            ),
            (
                #"let remedy = a ? "Go." : "Stay." guard b else { throw E("no", remedy: remedy) }"#, ["no"],
                ["Go.", "Stay."]
            ),
            (#"// E(cause: "no", remedy: "Go.")"#, [], []),
        ] as [(String, [String], [String])])
    func reading(text: String, causes: [String], remedies: [String]) {
        let found = ErrorWording(text)
        #expect(found.causes == causes)
        #expect(found.remedies == remedies)
    }
}
