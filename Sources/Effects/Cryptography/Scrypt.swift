import COpenSSL

/// Derives a key from a passphrase (scrypt, RFC 7914), with OpenSSL's PBKDF2 and `Salsa20`.
enum Scrypt {
    /// How much a derivation costs.
    struct Cost: Equatable {
        /// N: how often memory is gone through, a power of two.
        var iterations: Int
        /// r: blocks of 128 bytes at a time.
        var blockSize: Int
        /// p: how often all of it is done.
        var parallel: Int

        /// The most memory that is taken, in bytes: four times what cosign's keys want.
        static let maximumMemory = 256 << 20

        /// Whether a derivation is possible, and neither memory nor time run away.
        var isSane: Bool {
            guard (2...(1 << 20)).contains(iterations), iterations & (iterations - 1) == 0,
                (1...32).contains(blockSize), (1...16).contains(parallel)
            else { return false }
            return 128 * iterations * blockSize <= Self.maximumMemory
        }
    }

    /// Derives so many bytes.
    ///
    /// The corresponding C function is `PKCS5_PBKDF2_HMAC`.
    ///
    /// - Throws: `CryptographyError` when the cost is not sane or OpenSSL cannot.
    static func key(
        _ passphrase: [UInt8], salt: [UInt8], _ cost: Cost, count: Int
    ) throws(CryptographyError) -> [UInt8] {
        guard cost.isSane else {
            throw .malformed(
                "deriving a key", "scrypt with N \(cost.iterations), r \(cost.blockSize), p \(cost.parallel)")
        }
        let length = 128 * cost.blockSize
        let seed = try expand(passphrase, salt, count: length * cost.parallel)
        var mixed: [UInt8] = []
        for part in 0..<cost.parallel {
            mixed += mix(Array(seed[(part * length)..<((part + 1) * length)]), cost)
        }
        return try expand(passphrase, mixed, count: count)
    }

    private static func expand(
        _ passphrase: [UInt8], _ salt: [UInt8], count: Int
    ) throws(CryptographyError) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: count)
        let text = passphrase.map { CChar(bitPattern: $0) }
        let status = unsafe PKCS5_PBKDF2_HMAC(
            text, Int32(clamping: text.count), salt, Int32(clamping: salt.count), 1, EVP_sha256(),
            Int32(clamping: count), &key)
        guard status == 1 else { throw .library("deriving a key", remedy: "Check that libcrypto is complete.") }
        return key
    }

    /// scryptROMix.
    private static func mix(_ bytes: [UInt8], _ cost: Cost) -> [UInt8] {
        let count = 32 * cost.blockSize
        var state = Salsa20.words(of: bytes)
        var other = state
        var memory = [UInt32](repeating: 0, count: count * cost.iterations)
        for step in 0..<cost.iterations {
            memory.replaceSubrange((step * count)..<((step + 1) * count), with: state)
            mixBlocks(&state, &other)
        }
        for _ in 0..<cost.iterations {
            let start = Int(state[count - 16]) & (cost.iterations - 1)
            for index in 0..<count { state[index] ^= memory[start * count + index] }
            mixBlocks(&state, &other)
        }
        return Salsa20.bytes(of: state)
    }

    /// scryptBlockMix: the even blocks of the result come first; `other` is room for it.
    private static func mixBlocks(_ state: inout [UInt32], _ other: inout [UInt32]) {
        let blocks = state.count / 16
        var block = Array(state.suffix(16))
        for number in 0..<blocks {
            for index in 0..<16 { block[index] ^= state[number * 16 + index] }
            let input = block
            Salsa20.permute(&block, rounds: 8)
            let place = (number / 2 + (number % 2) * (blocks / 2)) * 16
            for index in 0..<16 {
                block[index] &+= input[index]
                other[place + index] = block[index]
            }
        }
        swap(&state, &other)
    }
}
