import Testing

@Suite("Traps")
struct TrapTests {
    /// What would end the process on bad data, or turn off a check of the compiler.
    static let forbidden = [
        "fatalError", "preconditionFailure", "precondition(", "assertionFailure", "assert(", "try!", "as!",
        "@unchecked", "nonisolated(unsafe)", "unowned", "unsafeBitCast",
    ]

    @Test("no product contains", arguments: forbidden)
    func absent(_ word: String) throws {
        for file in try Repository.swiftFiles("Sources") {
            for (number, line) in file.code.enumerated() {
                #expect(!line.contains(word), "\(file.path):\(number + 1): throw an error instead")
            }
        }
    }

    @Test("words in comments and literals do not count")
    func stripping() {
        #expect(SourceFile.code(of: "let a = \"try! \\\" x\" + b  // as! it was") == "let a = \"\" + b  ")
    }
}
