import Foundation
import FuzzTargets
import Testing

/// Inputs that once broke a reader, and a good one for each, run with every test.
struct CorpusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Corpus")

    private static func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
    }

    @Test(arguments: FuzzTarget.all)
    func `every input of the corpus keeps the rules of its reader`(target: FuzzTarget) throws {
        let folder = Self.folder.appending(path: target.name)
        let names = try Self.names(in: folder)
        #expect(!names.isEmpty, "\(folder.path()) has no input")
        for name in names {
            let bytes = try Data(contentsOf: folder.appending(path: name))
            #expect(throws: Never.self, "\(target.name)/\(name)") { try target.run(Array(bytes)) }
        }
    }

    @Test(arguments: FuzzTarget.all)
    func `an input that ends anywhere keeps the rules, too`(target: FuzzTarget) throws {
        let folder = Self.folder.appending(path: target.name)
        for name in try Self.names(in: folder) {
            let bytes = Array(try Data(contentsOf: folder.appending(path: name)))
            for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 64)) {
                #expect(throws: Never.self, "\(target.name)/\(name), \(count) bytes") {
                    try target.run(Array(bytes.prefix(count)))
                }
            }
        }
    }

    @Test func `each folder of the corpus belongs to a reader`() throws {
        #expect(try Self.names(in: Self.folder) == FuzzTarget.all.map(\.name))
    }
}
