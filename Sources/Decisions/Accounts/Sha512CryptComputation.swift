/// Computes one hash; the numbers of the steps are those of Drepper's description.
struct Sha512CryptComputation {
    /// Bytes of a digest.
    private static let length = 64

    private let password: [UInt8]
    private let salt: [UInt8]

    /// Takes what is hashed.
    init(password: [UInt8], salt: [UInt8]) {
        self.password = password
        self.salt = salt
    }

    /// The digest after all rounds (step 21).
    func run<Failure>(
        rounds: Int, sha512: ([UInt8]) throws(Failure) -> [UInt8]
    ) throws(Failure) -> [UInt8] {
        var digest = try first(sha512)
        let passwordBytes = Self.filled(
            password.count, from: try sha512(Self.repeated(password, password.count)))
        let saltBytes = Self.filled(salt.count, from: try sha512(Self.repeated(salt, 16 + Int(digest.first ?? 0))))
        for round in 0..<rounds {
            let isOdd = round & 1 == 1
            var input = isOdd ? passwordBytes : digest
            if round % 3 != 0 { input += saltBytes }
            if round % 7 != 0 { input += passwordBytes }
            input += isOdd ? digest : passwordBytes
            digest = try sha512(input)
        }
        return digest
    }

    /// Digest A (steps 1 to 12), which mixes password and salt with digest B.
    private func first<Failure>(_ sha512: ([UInt8]) throws(Failure) -> [UInt8]) throws(Failure) -> [UInt8] {
        let other = try sha512(password + salt + password)
        var input = password + salt + Self.filled(password.count, from: other)
        var bits = password.count
        while bits > 0 {
            input += bits & 1 == 1 ? other : password
            bits >>= 1
        }
        return try sha512(input)
    }

    private static func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        Array(repeatElement(bytes, count: count).joined())
    }

    /// As many bytes, taken from a digest again and again (steps 16 and 20).
    private static func filled(_ count: Int, from digest: [UInt8]) -> [UInt8] {
        (0..<count).compactMap { digest.isEmpty ? nil : digest[$0 % digest.count] }
    }
}

/// Writes a digest as crypt(3) does: an alphabet of its own, the lowest bits first, the bytes in a fixed disorder.
enum CryptBase64 {
    /// The 64 characters, which a salt is made of, too.
    static let alphabet = Array("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// Writes the 64 bytes of a SHA-512 digest as 86 characters; no text for another number of bytes.
    static func encode(_ digest: [UInt8]) -> String {
        guard digest.count == 64 else { return "" }
        var text: [UInt8] = []
        for group in 0..<21 {
            // Bytes 0, 21 and 42 of the first group, each group begins with the next of the three.
            let places = [group, group + 21, group + 42]
            let turn = group % 3
            let turned = (0..<3).map { Int(digest[places[($0 + turn) % 3]]) }
            append(turned[0] << 16 | turned[1] << 8 | turned[2], 4, to: &text)
        }
        append(Int(digest[63]), 2, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ bits: Int, _ count: Int, to text: inout [UInt8]) {
        for place in 0..<count { text.append(alphabet[bits >> (6 * place) & 63]) }
    }
}
