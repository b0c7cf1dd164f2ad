import Testing

@testable import Accounts

@Suite("SHA-512-crypt")
struct Sha512CryptTests {
    /// Drepper's vectors: salt, rounds, password, hash.
    static let vectors: [(salt: String, rounds: Int?, password: String, hash: String)] = [
        (
            "saltstring", nil, "Hello world!",
            "$6$saltstring$"
                + "svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"
        ),
        (
            "saltstringsaltstring", 10_000, "Hello world!",
            "$6$rounds=10000$saltstringsaltst$"
                + "OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v."
        ),
        (
            "toolongsaltstring", 5000, "This is just a test",
            "$6$rounds=5000$toolongsaltstrin$"
                + "lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0"
        ),
        (
            "anotherlongsaltstring", 1400,
            "a very much longer text to encrypt.  This one even stretches over morethan one line.",
            "$6$rounds=1400$anotherlongsalts$"
                + "POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1"
        ),
        (
            "short", 77_777, "we have a short salt string but not a short password",
            "$6$rounds=77777$short$"
                + "WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0"
        ),
        (
            "asaltof16chars..", 123_456, "a short string",
            "$6$rounds=123456$asaltof16chars..$"
                + "BtCwjqMJGx5hrJhZywWvt0RLE8uZ4oPwcelCjmw2kSYu.Ec6ycULevoBK25fs2xXgMNrCzIMVcgEJAstJeonj1"
        ),
        (
            "roundstoolow", 10, "the minimum number is still observed",
            "$6$rounds=1000$roundstoolow$"
                + "kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX."
        ),
    ]

    @Test("the published vectors are met, and compared with", arguments: vectors)
    func published(salt: String, rounds: Int?, password: String, hash: String) {
        let bytes = Array(password.utf8)
        #expect(Sha512Crypt.hash(bytes, salt: salt, rounds: rounds, sha512: openSSLDigest) == hash)
        #expect(Sha512Crypt.compare(bytes, with: hash, sha512: openSSLDigest) == .same)
        #expect(Sha512Crypt.compare(bytes + [0x21], with: hash, sha512: openSSLDigest) == .different)
    }

    @Test(
        "what cannot be compared is unknown, and costs nothing",
        arguments: [
            "", "x", "*", "!", "$y$j9T$salt$hash", "$2b$05$hash", "$5$salt$hash", "$6$salt", "$6$rounds=x$salt$hash",
            "$6$salt$hash$more", "!$6$salt$hash", "$6$rounds=1000001$salt$hash", "$6$rounds=4294967296$salt$hash",
        ])
    func unknown(stored: String) {
        var digests = 0
        let comparison = Sha512Crypt.compare([1], with: stored) { bytes in
            digests += 1
            return openSSLDigest(bytes)
        }
        #expect(comparison == .unknown && digests == 0)
    }

    @Test("a hash that is damaged is another one", arguments: ["$6$salt$", "$6$$x", "$6$rounds=999$salt$x"])
    func damaged(stored: String) {
        #expect(Sha512Crypt.compare([1], with: stored, sha512: openSSLDigest) == .different)
    }

    @Test("an error of the digest is passed on")
    func failing() {
        #expect(throws: CancellationError.self) {
            try Sha512Crypt.hash([1], salt: "a") { _ throws(CancellationError) in throw CancellationError() }
        }
    }

    @Test("a digest of a wrong length ends nothing", arguments: [0, 1, 63, 65])
    func wrongLength(count: Int) {
        let hash = Sha512Crypt.hash([1, 2], salt: "a", rounds: 1000) { _ in [UInt8](repeating: 7, count: count) }
        #expect(hash == "$6$rounds=1000$a$")
    }

    @Test("a salt takes one character of each random byte, sixteen at most")
    func salt() {
        #expect(Sha512Crypt.salt(of: Array(0...15)) == "./0123456789ABCD")
        #expect(Sha512Crypt.salt(of: Array(180...255)) == "opqrstuvwxyz./01")
        #expect(Sha512Crypt.salt(of: []).isEmpty)
    }

    @Test("the scheme hashes with a salt of the random bytes, and knows its own hash again")
    func scheme() throws {
        var first: UInt8 = 0
        let scheme = PasswordScheme.sha512Crypt(
            randomBytes: {
                first += 1
                return [UInt8](repeating: first, count: 16)
            }, sha512: { openSSLDigest($0) })
        let hash = try scheme.hash("secret")
        #expect(hash.hasPrefix("$6$////////////////$") && hash.utf8.count == 106)
        #expect(try scheme.compare("secret", hash) == .same && scheme.compare("other", hash) == .different)
        #expect(try scheme.hash("secret") != hash)
    }
}
