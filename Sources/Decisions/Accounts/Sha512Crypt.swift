/// Hashes passwords as glibc's crypt(3) does for `$6$`, over a SHA-512 that the caller brings.
///
/// The algorithm and its test vectors: Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6.
package enum Sha512Crypt {
    /// Rounds when none are written.
    package static let usualRounds = 5000
    /// Rounds that may be written; others are moved to the nearer end.
    package static let rounds = 1000...999_999_999
    /// The most rounds that are computed to compare with a stored hash: some seconds.
    package static let mostCompared = 1_000_000
    /// The most bytes of a salt; what is behind them does not count.
    package static let longestSalt = 16

    /// Hashes a password.
    ///
    /// - Parameters:
    ///   - password: its bytes.
    ///   - salt: up to 16 bytes count; it must not have `$`, `:` or a line break.
    ///   - rounds: nil for 5000, which is not written then.
    /// - Throws: what `sha512` throws.
    package static func hash<Failure>(
        _ password: [UInt8], salt: String, rounds: Int? = nil, sha512: ([UInt8]) throws(Failure) -> [UInt8]
    ) throws(Failure) -> String {
        let rounds = rounds.map { min(max($0, Self.rounds.lowerBound), Self.rounds.upperBound) }
        let salt = Array(salt.utf8.prefix(longestSalt))
        let computation = Sha512CryptComputation(password: password, salt: salt)
        let digest = try computation.run(rounds: rounds ?? usualRounds, sha512: sha512)
        let written = rounds.map { "rounds=\($0)$" } ?? ""
        return "$6$\(written)\(String(decoding: salt, as: UTF8.self))$\(CryptBase64.encode(digest))"
    }

    /// Compares a password with a stored field of shadow.
    ///
    /// Unknown for other kinds of hash, for what is no hash, and for one with more rounds than a boot has time for.
    ///
    /// - Throws: what `sha512` throws.
    package static func compare<Failure>(
        _ password: [UInt8], with stored: String, sha512: ([UInt8]) throws(Failure) -> [UInt8]
    ) throws(Failure) -> PasswordScheme.Comparison {
        guard let (salt, rounds) = setting(of: stored), (rounds ?? 0) <= mostCompared else { return .unknown }
        return try hash(password, salt: salt, rounds: rounds, sha512: sha512) == stored ? .same : .different
    }

    /// Makes a salt of random bytes, one character of each; 16 bytes make a whole one of 96 bits.
    package static func salt(of random: [UInt8]) -> String {
        String(decoding: random.prefix(longestSalt).map { CryptBase64.alphabet[Int($0 & 63)] }, as: UTF8.self)
    }

    /// The salt and the written rounds of a hash; nil when it is of another kind.
    static func setting(of stored: String) -> (salt: String, rounds: Int?)? {
        var parts = stored.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard parts.count == 4 || parts.count == 5, parts[0].isEmpty, parts[1].elementsEqual("6".utf8) else {
            return nil
        }
        var rounds: Int?
        if parts.count == 5 {
            guard parts[2].starts(with: "rounds=".utf8),
                let number = AccountName.number(String(decoding: parts[2].dropFirst(7), as: UTF8.self))
            else { return nil }
            rounds = Int(number)
            parts.remove(at: 2)
        }
        return (String(decoding: parts[2], as: UTF8.self), rounds)
    }
}

extension PasswordScheme {
    /// Hashes with SHA-512-crypt, 5000 rounds and a salt of 16 characters, and compares with such hashes.
    ///
    /// - Parameters:
    ///   - randomBytes: gives 16 bytes that nobody can foretell.
    ///   - sha512: hashes bytes to 64.
    package static func sha512Crypt(
        randomBytes: @escaping () throws(AccountError) -> [UInt8],
        sha512: @escaping ([UInt8]) throws(AccountError) -> [UInt8]
    ) -> PasswordScheme {
        PasswordScheme(
            hash: { (plain) throws(AccountError) in
                let salt = Sha512Crypt.salt(of: try randomBytes())
                return try Sha512Crypt.hash(Array(plain.utf8), salt: salt, sha512: sha512)
            },
            compare: { (plain, stored) throws(AccountError) in
                try Sha512Crypt.compare(Array(plain.utf8), with: stored, sha512: sha512)
            })
    }
}
