import ImageModel
import JSONText

/// Reads a private key as cosign protects it: PEM around JSON that says how it was encrypted (sigstore,
/// `pkg/cryptoutils/password.go` and theupdateframework's `go-tuf/encrypted`).
struct CosignKey {
    /// The labels of such PEM blocks, the newer one first.
    private static let labels = ["ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY"]
    /// Bytes of the scrypt key.
    private static let operation = "reading a cosign key"

    private let salt: [UInt8]
    private let cost: Scrypt.Cost
    private let nonce: [UInt8]
    private let ciphertext: [UInt8]

    /// Finds such a key in a text; nil when there is none.
    ///
    /// - Throws: `CryptographyError` when it is malformed or encrypted in another way.
    init?(pem: [UInt8]) throws(CryptographyError) {
        let text = String(decoding: pem, as: UTF8.self)
        let lines = PEMText.lines(text)
        guard let label = Self.labels.first(where: { lines.contains("-----BEGIN \($0)-----") }) else { return nil }
        let body = lines.drop { $0 != "-----BEGIN \(label)-----" }.dropFirst().prefix { !$0.hasPrefix("-----END") }
        let base64 = body.joined().utf8.filter { ![0x0A, 0x0D, 0x20, 0x09].contains($0) }
        guard let bytes = Base64.decode(base64), let value = try? JSONValue(parsing: bytes) else {
            throw .malformed(Self.operation, "it is no base64 of JSON")
        }
        let (kdf, cipher) = (value["kdf"], value["cipher"])
        guard kdf?["name"]?.text == "scrypt", cipher?["name"]?.text == "nacl/secretbox" else {
            throw .malformed(Self.operation, "it is not encrypted with scrypt and nacl/secretbox")
        }
        let number: (String) -> Int = { Int(clamping: kdf?["params"]?[$0]?.integer ?? 0) }
        let decoded: (JSONValue?) -> [UInt8]? = { ($0?.text).flatMap { Base64.decode($0.utf8) } }
        guard let salt = decoded(kdf?["salt"]), let nonce = decoded(cipher?["nonce"]),
            let ciphertext = decoded(value["ciphertext"])
        else { throw .malformed(Self.operation, "salt, nonce or ciphertext is missing") }
        cost = Scrypt.Cost(iterations: number("N"), blockSize: number("r"), parallel: number("p"))
        (self.salt, self.nonce, self.ciphertext) = (salt, nonce, ciphertext)
    }

    /// The key in DER, PKCS #8.
    ///
    /// - Throws: `CryptographyError` for a wrong passphrase.
    func opened(_ passphrase: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let key = try Scrypt.key(passphrase, salt: salt, cost, count: SecretBox.keyLength)
        guard let content = try SecretBox.open(ciphertext, nonce: nonce, key: key) else {
            throw .passphrase(Self.operation, "the passphrase is wrong, or the file was changed")
        }
        return content
    }
}
