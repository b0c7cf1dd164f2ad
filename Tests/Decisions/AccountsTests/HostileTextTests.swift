import SeededNumbers
import Testing

@testable import Accounts

@Suite("Texts of any bytes")
struct HostileTextTests {
    /// Bytes that mean something in these files, and some that mean nothing anywhere.
    private static let bytes = Array("::\n\n+-#x0 9!$,\"\\=\r\tann".utf8) + [0, 0xFF, 0xC3, 0x7F]

    @Test("they are kept, and end nothing", arguments: 0..<50)
    func kept(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let texts = (0..<4).map { _ in
            (0..<Int.random(in: 0...200, using: &generator)).map { _ in
                Self.bytes.randomElement(using: &generator) ?? 0
            }
        }
        let state = AccountState(passwd: texts[0], group: texts[1], shadow: texts[2], gshadow: texts[3])
        #expect(AccountFileKind.allCases.map { state.bytes(of: $0) } == [texts[0], texts[1], texts[2], texts[3]])
        let new = state.users([WantedUser("bob") { $0.groups = ["docker"] }], missing: .created).state
        #expect(new.bytes(of: .passwd)?.count ?? 0 > texts[0].count)
        #expect(try new.deleting("bob", from: .passwd).state.passwd["bob"] == nil)
        var keys = AuthorizedKeysFile(texts[0])
        #expect(keys.bytes == texts[0])
        #expect(try keys.add([AuthorizedKey(AuthorizedKeyTests.ed25519("one"))]).count == 1)
        #expect(try SudoRules.text([], of: "ann", in: texts[1]) == texts[1])
        _ = (NewUserDefaults(parsing: texts[2]), IdRanges(parsing: texts[3]))
        _ = try? AuthorizedKeysFile.keys(fetched: texts[3])
        _ = Sha512Crypt.compare([1], with: String(decoding: texts[2], as: UTF8.self), sha512: openSSLDigest)
    }
}
