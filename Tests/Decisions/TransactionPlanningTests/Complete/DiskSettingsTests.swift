import DocumentTree
import Testing

@testable import TransactionPlanning

@Suite("Disk settings")
struct DiskSettingsTests {
    private static func document(_ values: [(String, String)]) -> DocumentNode {
        let mark = DocumentMark(line: 1, column: 1)
        let pairs = values.map { key, value in
            DocumentPair(key: key, mark: mark, value: DocumentNode(.scalar(value, quoted: false), at: mark))
        }
        return DocumentNode(.mapping(pairs), at: mark)
    }

    @Test("a file without keys says nothing, and every key is taken")
    func keys() throws {
        let none = DiskSettings()
        #expect(none.recovery == nil && none.state == nil && none.persistent == nil && none.protection == .none)
        let all = try DiskSettings(
            Self.document([("recovery", "4G"), ("state", "512M"), ("persistent", "1T"), ("encrypt", "true")]))
        #expect(all.recovery == 4 << 30 && all.state == 512 << 20 && all.persistent == 1 << 40)
        #expect(all.protection == .storedKey)
        #expect(try DiskSettings(Self.document([("persistent", "rest")])) == none)
    }

    @Test(
        "a size that is none, and an unknown key, are refused",
        arguments: [
            ("state", "rest"), ("state", "0"), ("state", "0G"), ("state", "4096"), ("recovery", "-1"),
            ("persistent", "all"), ("recovery", "4 G"),
            ("size", "4G"), ("encrypt", "maybe"), ("state", "99999999999T"),
        ])
    func refused(key: String, value: String) {
        #expect(throws: DocumentError.self) { try DiskSettings(Self.document([(key, value)])) }
    }
}
