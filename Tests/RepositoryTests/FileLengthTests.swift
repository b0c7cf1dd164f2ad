import Testing

@Suite("File lengths")
struct FileLengthTests {
    @Test("no file is too long", arguments: [("Sources", 400), ("Tests", 600), ("qemu-tests", 600)])
    func length(_ folder: String, _ limit: Int) throws {
        for file in try Repository.swiftFiles(folder) {
            #expect(file.lines.count - 1 <= limit, "\(file.path): give its second job a file of its own")
        }
    }

    @Test("no short file only extends a type of its own target")
    func extensions() throws {
        let declaration =
            /^(?:@\w+ )?(?:package |private )?(?:final |indirect )?(?:struct|enum|class|protocol|typealias) (\w+)/
        let files = try Repository.swiftFiles("Sources")
        var types: [String: Set<Substring>] = [:]
        for file in files {
            types[file.target, default: []].formUnion(
                file.lines.compactMap { $0.firstMatch(of: declaration)?.output.1 })
        }
        for file in files where file.lines.count - 1 < 40 {
            let extended = file.lines.compactMap { $0.firstMatch(of: /^(?:package )?extension (\w+)/)?.output.1 }
            let isAlone = !extended.isEmpty && file.lines.allSatisfy { $0.firstMatch(of: declaration) == nil }
            let own = types[file.target] ?? []
            #expect(!isAlone || !own.isSuperset(of: extended), "\(file.path): join it to the file of the type")
        }
        #expect(files.count > 300)
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
