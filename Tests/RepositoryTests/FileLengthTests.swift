import Testing

@Suite("File lengths")
struct FileLengthTests {
    @Test("no file is too long", arguments: [("Sources", 400), ("Tests", 600), ("qemu-tests", 600)])
    func length(_ folder: String, _ limit: Int) throws {
        for file in try Repository.swiftFiles(folder) {
            #expect(file.lines.count - 1 <= limit, "\(file.path): give its second job a file of its own")
        }
    }

    @Test("no file is named after nothing in particular")
    func names() {
        let empty: Set = ["Utils", "Utilities", "Helpers", "Common", "Extras", "Misc"]
        for path in Repository.files where path.hasSuffix(".swift") {
            let words = path.split { "/+.".contains($0) }.map(String.init)
            #expect(empty.isDisjoint(with: words), "\(path): name it after what it does")
        }
    }
}
