// cosign protects its keys with scrypt and NaCl's secretbox. Both are built on Salsa20, which OpenSSL does not have, and the
// libcrypto of our static programs has no scrypt either. It is used for nothing else.

/// Computes the Salsa20 core and what is built on it (Bernstein, "Salsa20 specification" and "Extending the Salsa20
/// nonce").
enum Salsa20 {
    /// A state of 16 words.
    typealias Words = [UInt32]

    /// The words of `expand 32-byte k`.
    private static let constants: Words = [0x6170_7865, 0x3320_646E, 0x7962_2D32, 0x6B20_6574]
    /// Where each quarter round of a double round finds its words: columns first, then rows.
    private static let quarters: [(Int, Int, Int, Int)] = [
        (0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11), (0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9),
        (15, 12, 13, 14),
    ]

    /// Applies so many rounds, an even number, without the final addition.
    static func permute(_ words: inout Words, rounds: Int) {
        for _ in 0..<(rounds / 2) {
            for (a, b, c, d) in quarters {
                words[b] ^= rotated(words[a] &+ words[d], 7)
                words[c] ^= rotated(words[b] &+ words[a], 9)
                words[d] ^= rotated(words[c] &+ words[b], 13)
                words[a] ^= rotated(words[d] &+ words[c], 18)
            }
        }
    }

    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 - count) }

    /// The bytes that XSalsa20 gives for a key of 32 bytes and a nonce of 24.
    static func extendedStream(key: [UInt8], nonce: [UInt8], count: Int) -> [UInt8] {
        let inner = subkey(key, nonce: Array(nonce.prefix(16)))
        let words = self.words(of: Array(nonce.suffix(8)))
        var stream: [UInt8] = []
        var block: UInt64 = 0
        while stream.count < count {
            stream += bytes(of: self.block(inner, [words[0], words[1]], block))
            block += 1
        }
        return Array(stream.prefix(count))
    }

    /// HSalsa20: another key out of a key and 16 bytes.
    private static func subkey(_ key: [UInt8], nonce: [UInt8]) -> Words {
        var state = state(words(of: key), words(of: nonce))
        permute(&state, rounds: 20)
        return [0, 5, 10, 15, 6, 7, 8, 9].map { state[$0] }
    }

    private static func block(_ key: Words, _ nonce: Words, _ number: UInt64) -> Words {
        let input = state(
            key, nonce + [UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32)])
        var output = input
        permute(&output, rounds: 20)
        return zip(input, output).map { $0 &+ $1 }
    }

    /// The state: constants on the diagonal, the key's halves around, four words in the middle.
    private static func state(_ key: Words, _ middle: Words) -> Words {
        [constants[0]] + key[0..<4] + [constants[1]] + middle[0..<4] + [constants[2]] + key[4..<8] + [constants[3]]
    }

    /// Words, little end first.
    static func words(of bytes: [UInt8]) -> Words {
        stride(from: 0, to: bytes.count - 3, by: 4).map { start in
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) }
        }
    }

    /// Bytes of words, little end first.
    static func bytes(of words: some Sequence<UInt32>) -> [UInt8] {
        words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
}
