import DocumentTree
import Testing

@testable import PackageSpecs

@Suite("What is put into texts")
struct SubstitutionTests {
    private static let mark = DocumentMark(line: 3, column: 5)

    private static func substitution() -> Substitution {
        var substitution = Substitution(
            values: ["kernel": SpecValue("linux-image", from: .option), "empty": SpecValue("", from: .option)],
            environment: ["BUILD": "77"])
        substitution.names = ["name": "app/tide", "version": "1.2"]
        return substitution
    }

    @Test(
        "names, values and variables are put in, and a dollar stays where it means nothing",
        arguments: [
            ("plain", "plain"), ("${name}-${version}", "app/tide-1.2"), ("a ${values.kernel} b", "a linux-image b"),
            ("${values.empty}", ""), ("${env:BUILD}", "77"), ("$HOME costs 5$", "$HOME costs 5$"),
            ("$${version}", "${version}"), ("$$${version}", "$${version}"), ("$$ $", "$$ $"), ("", ""),
            ("ünï ${name}", "ünï app/tide"),
        ])
    func known(text: String, expected: String) throws {
        var substitution = Self.substitution()
        #expect(try substitution.expand(text, at: Self.mark) == expected)
        #expect(try substitution.expand(text, at: Self.mark, as: .shell) == expected)
    }

    @Test(
        "what belongs to the shell stays in a command, and is an error elsewhere",
        arguments: [
            "${HOME}", "${x:-${y}}", "${name%/*}", "${#list}", "${values}", "${values:-1}", "${obj.member}", "${",
            "${x",
        ])
    func shell(text: String) throws {
        var substitution = Self.substitution()
        #expect(try substitution.expand(text, at: Self.mark, as: .shell) == text)
        #expect(throws: DocumentError.self) { try substitution.expand(text, at: Self.mark) }
    }

    @Test("a value inside an expression of the shell is put in")
    func nested() throws {
        var substitution = Self.substitution()
        let text = try substitution.expand("${KERNEL:-${values.kernel}}", at: Self.mark, as: .shell)
        #expect(text == "${KERNEL:-linux-image}")
    }

    @Test(
        "a slip in one of ours is an error everywhere, with what was meant",
        arguments: [
            ("${values.kernal}", "there is no value 'kernal' (did you mean 'kernel'?); known are empty, kernel"),
            ("${values.}", "there is no value ''; known are empty, kernel"),
            ("${value.kernel}", "there is no ${value.kernel}; did you mean ${values.kernel}?"),
            ("${env.BUILD}", "there is no ${env.BUILD}; did you mean ${env:BUILD}?"),
            ("${env:BILD}", "the environment has no variable 'BILD'; set it"),
            ("${values.kernel x}", "behind '${values.kernel' there must be '}'; write $${ for a '${' that stays"),
            ("${env:", "behind '${env:' there must be '}'; write $${ for a '${' that stays"),
        ],
        [Substitution.Language.text, .shell])
    func slips(slip: (text: String, reason: String), language: Substitution.Language) {
        var substitution = Self.substitution()
        let error = #expect(throws: DocumentError.self) {
            try substitution.expand(slip.text, at: Self.mark, as: language)
        }
        #expect(error?.reason == slip.reason)
        #expect(error?.mark == Self.mark)
    }

    @Test("an unknown one says which there are")
    func unknown() {
        var substitution = Self.substitution()
        let error = #expect(throws: DocumentError.self) { try substitution.expand("${HOME}", at: Self.mark) }
        #expect(error?.reason.hasPrefix("there is no ${HOME}; known are ${name}, ${version}") == true)
        substitution.names = [:]
        let early = #expect(throws: DocumentError.self) { try substitution.expand("${name}", at: Self.mark) }
        #expect(early?.reason == "${name} is not known here")
    }

    @Test("what was used is known, each once, with the first place")
    func uses() throws {
        var substitution = Self.substitution()
        _ = try substitution.expand("${values.kernel} ${values.kernel} ${env:BUILD}", at: Self.mark)
        _ = try substitution.expand("${env:BUILD}", at: DocumentMark(line: 9, column: 1))
        #expect(Array(substitution.usedValues.keys) == ["kernel"])
        #expect(substitution.usedVariables.map(\.name) == ["BUILD"])
        #expect(substitution.usedVariables.first?.mark == Self.mark)
    }

    @Test("few letters cannot become gigabytes")
    func budget() {
        let value = String(repeating: "x", count: 4096)
        var substitution = Substitution(values: ["v": SpecValue(value, from: .option)], environment: [:])
        let text = String(repeating: "${values.v}", count: Substitution.budget / 4096 + 1)
        let error = #expect(throws: DocumentError.self) { try substitution.expand(text, at: Self.mark) }
        #expect(error?.reason.hasSuffix("bytes") == true)
    }

    @Test("a text of openings only is read in the time of its length", .timeLimit(.minutes(10)))
    func openings() throws {
        var substitution = Self.substitution()
        let text = String(repeating: "${", count: 5_000) + String(repeating: "${a", count: 5_000)
        #expect(try substitution.expand(text, at: Self.mark, as: .shell) == text)
    }
}
