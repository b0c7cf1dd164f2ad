import RecoveryConsole
import Testing

@Suite("Keys of a console")
struct ConsoleKeyTests {
    @Test(
        "are what the bytes of a terminal stand for",
        arguments: [
            ("a", [ConsoleKey.character("a")]), ("\r", [.enter]), ("\n", [.enter]), ("\r\n", [.enter]),
            ("\n\n", [.enter, .enter]), ("\u{7F}\u{08}", [.erase, .erase]), ("\u{03}", [.interrupt]),
            ("\u{0C}", [.redraw]), ("\u{1B}[A", [.up]), ("\u{1B}OB", [.down]), ("\u{1B}[1;5A", [.up]),
            ("\u{1B}\u{1B}[B", [.escape, .down]),
        ])
    func decoding(_ text: String, _ keys: [ConsoleKey]) {
        var decoder = KeyDecoder()
        #expect(decoder.take(Array(text.utf8)) == keys)
        #expect(!decoder.isWaiting)
    }

    @Test(
        "take no part of a sequence that they do not know for a letter",
        arguments: ["\u{1B}[15~", "\u{1B}[200~", "\u{1B}Oq", "é", "\u{1B}x"])
    func unknown(_ text: String) {
        var decoder = KeyDecoder()
        #expect(decoder.take(Array(text.utf8)) == [])
    }

    @Test("may come in pieces, as over a slow line")
    func pieces() {
        var decoder = KeyDecoder()
        #expect(decoder.take([0x1B]) == [])
        #expect(decoder.isWaiting)
        #expect(decoder.take([0x5B]) == [])
        #expect(decoder.take([0x41]) == [.up])
    }

    @Test("are Escape when nothing follows an escape")
    func escape() {
        var decoder = KeyDecoder()
        _ = decoder.take([0x1B])
        #expect(decoder.expire() == .escape)
        #expect(!decoder.isWaiting)
        #expect(decoder.expire() == nil)
    }

    @Test("are nothing when a sequence breaks off")
    func broken() {
        var decoder = KeyDecoder()
        _ = decoder.take([0x1B, 0x5B])
        #expect(decoder.expire() == nil)
        #expect(decoder.take([0x41]) == [.character("A")])
    }
}
