import Testing

@Suite("Unsafe code")
struct UnsafeTests {
    @Test("nothing outside the effects layer is marked unsafe")
    func confined() throws {
        for file in try Repository.swiftFiles("Sources") where !file.path.hasPrefix("Sources/Effects/") {
            for number in Self.marked(file) {
                Issue.record("\(file.path):\(number): let LinuxSystem or another effect do this")
            }
        }
    }

    @Test("the word counts in code only, and as a word of its own")
    func detection() {
        let text = """
            let a = unsafe b
            let unsafely = "unsafe"  // unsafe
            c(try unsafe(d))
            """
        #expect(Self.marked(SourceFile(path: "", text: text)) == [1, 3])
    }

    /// Numbers of the lines with an unsafe expression.
    static func marked(_ file: SourceFile) -> [Int] {
        file.code.enumerated().filter { _, line in
            line.split { !($0.isLetter || $0 == "_") }.contains("unsafe")
        }.map { $0.offset + 1 }
    }
}
