import Faults
import Foundation
import ImageModel
import LinuxSystem
import SystemPackage
import Testing

@testable import Cryptography

/// Makes protected keys with programs that are not ours, in a folder of their own.
private struct KeyMaker: ~Copyable {
    let folder = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    @discardableResult
    func run(_ script: String) throws -> String {
        let outcome = try ChildProcess.run(
            "/bin/bash", ["-euc", script], directory: FilePath(folder.path), output: .capture(atMost: 1 << 20),
            timeout: .seconds(60)
        ).requireSuccess()
        return String(decoding: outcome.standardOutput, as: UTF8.self)
    }

    func read(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: folder.appending(path: name))) }

    func path(_ name: String) -> FilePath { FilePath(folder.appending(path: name).path) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Salsa20, secretbox and cosign's envelope written from the specifications, without a line of ours.
    static let cosign = """
        import base64, hashlib, json, os, struct, sys
        def rounds(x, n):
            def r(a, b): return ((a << b) | (a >> (32 - b))) & 0xffffffff
            def q(a, b, c, d):
                x[b] ^= r((x[a] + x[d]) & 0xffffffff, 7); x[c] ^= r((x[b] + x[a]) & 0xffffffff, 9)
                x[d] ^= r((x[c] + x[b]) & 0xffffffff, 13); x[a] ^= r((x[d] + x[c]) & 0xffffffff, 18)
            for _ in range(n // 2):
                q(0, 4, 8, 12); q(5, 9, 13, 1); q(10, 14, 2, 6); q(15, 3, 7, 11)
                q(0, 1, 2, 3); q(5, 6, 7, 4); q(10, 11, 8, 9); q(15, 12, 13, 14)
        def state(k, n):
            c = struct.unpack("<4I", b"expand 32-byte k"); k = struct.unpack("<8I", k); n = struct.unpack("<4I", n)
            return [c[0], *k[:4], c[1], *n, c[2], *k[4:], c[3]]
        def stream(k, n, size):
            x = state(k, n[:16]); rounds(x, 20); k = struct.pack("<8I", *(x[i] for i in (0, 5, 10, 15, 6, 7, 8, 9)))
            out = b""; i = 0
            while len(out) < size:
                s = state(k, n[16:] + struct.pack("<Q", i)); x = list(s); rounds(x, 20); i += 1
                out += struct.pack("<16I", *((a + b) & 0xffffffff for a, b in zip(s, x)))
            return out[:size]
        def poly(m, k):
            r = int.from_bytes(k[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff; a = 0
            for i in range(0, len(m), 16): a = (a + int.from_bytes(m[i:i + 16] + b"\\x01", "little")) * r % ((1 << 130) - 5)
            return ((a + int.from_bytes(k[16:], "little")) & ((1 << 128) - 1)).to_bytes(16, "little")
        label, password, n = sys.argv[1], sys.argv[2].encode(), int(sys.argv[3])
        salt, nonce, m = os.urandom(32), os.urandom(24), open("key.der", "rb").read()
        k = hashlib.scrypt(password, salt=salt, n=n, r=8, p=1, maxmem=1 << 28, dklen=32)
        s = stream(k, nonce, 32 + len(m)); c = bytes(a ^ b for a, b in zip(m, s[32:])); c = poly(c, s[:32]) + c
        e = lambda b: base64.b64encode(b).decode()
        j = json.dumps({"kdf": {"name": "scrypt", "params": {"N": n, "r": 8, "p": 1}, "salt": e(salt)},
            "cipher": {"name": "nacl/secretbox", "nonce": e(nonce)}, "ciphertext": e(c)})
        b = e(j.encode()); print("-----BEGIN ENCRYPTED %s PRIVATE KEY-----" % label)
        for i in range(0, len(b), 64): print(b[i:i + 64])
        print("-----END ENCRYPTED %s PRIVATE KEY-----" % label)
        """
}

@Suite("Protected keys")
struct ProtectedKeyTests {
    private let message = Array("the manifest".utf8)

    private func kind(_ body: () throws(CryptographyError) -> Void) -> CryptographyFault? {
        do {
            try body()
            return nil
        } catch { return error.kind }
    }

    @Test(
        "a key that openssl protected is opened by its passphrase alone",
        arguments: [
            "openssl pkcs8 -topk8 -v2 aes-256-cbc -in plain.pem -passout pass:secret -out key.pem",
            "openssl pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA512 -in plain.pem -passout pass:secret -out key.pem",
            "openssl ec -aes128 -in plain.pem -passout pass:secret -out key.pem 2> /dev/null",
        ])
    func openssl(command: String) throws {
        let maker = try KeyMaker()
        try maker.run("openssl ecparam -name prime256v1 -genkey -noout -out plain.pem; \(command)")
        let plain = try SigningKey(pem: maker.read("plain.pem"))
        let pem = try maker.read("key.pem")
        let key = try SigningKey(pem: pem, passphrase: Array("secret".utf8))
        #expect(try key.publicKey() == plain.publicKey())
        for wrong in [Array("secreT".utf8), [], Array("secret\0".utf8)] {
            #expect(
                kind { () throws(CryptographyError) in _ = try SigningKey(pem: pem, passphrase: wrong) } == .passphrase)
        }
        #expect(kind { () throws(CryptographyError) in _ = try SigningKey(pem: pem, passphrase: nil) } == .passphrase)
    }

    @Test("a key without protection is read whatever passphrase is there")
    func plain() throws {
        let key = try SigningKey()
        for passphrase in [nil, Array("x".utf8)] {
            #expect(try SigningKey(pem: key.pem(), passphrase: passphrase).publicKey() == key.publicKey())
        }
    }

    @Test("openssl opens what we protect, by its passphrase alone")
    func protects() throws {
        let maker = try KeyMaker()
        let key = try SigningKey()
        let pem = try key.pem(protectedBy: Array("pass word".utf8))
        #expect(String(decoding: pem, as: UTF8.self).hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
        try Data(pem).write(to: maker.folder.appending(path: "key.pem"))
        try Data(try key.publicKey().pem()).write(to: maker.folder.appending(path: "key.pub"))
        let output = try maker.run(
            """
            openssl pkey -in key.pem -passin 'pass:pass word' -pubout | cmp - key.pub && echo same
            openssl pkey -in key.pem -passin pass:other -noout 2> /dev/null || echo refused
            openssl asn1parse -in key.pem | grep -c -e 0927C0 -e aes-256-cbc -e hmacWithSHA256
            """)
        #expect(output == "same\nrefused\n3\n")
        #expect(kind { () throws(CryptographyError) in _ = try key.pem(protectedBy: []) } == .passphrase)
    }

    @Test(
        "cosign's keys are opened by their passphrase alone",
        arguments: [("COSIGN", "secret", 32_768), ("SIGSTORE", "", 1_024), ("SIGSTORE", "größer", 1_024)])
    func cosign(label: String, passphrase: String, cost: Int) throws {
        let maker = try KeyMaker()
        try Data(KeyMaker.cosign.utf8).write(to: maker.folder.appending(path: "make.py"))
        try maker.run(
            """
            openssl ecparam -name prime256v1 -genkey -noout -out plain.pem
            openssl pkcs8 -topk8 -nocrypt -in plain.pem -outform DER -out key.der
            python3 make.py \(label) '\(passphrase)' \(cost) > cosign.key
            """)
        let pem = try maker.read("cosign.key")
        let key = try SigningKey(pem: pem, passphrase: Array(passphrase.utf8))
        #expect(try key.publicKey() == SigningKey(pem: maker.read("plain.pem")).publicKey())
        // What cosign asks for takes seconds where nothing is optimised.
        for wrong in ["Secret", "größer ", "grösser"] where cost == 1_024 {
            let found = kind { () throws(CryptographyError) in
                _ = try SigningKey(pem: pem, passphrase: Array(wrong.utf8))
            }
            #expect(found == .passphrase)
        }
        #expect(kind { () throws(CryptographyError) in _ = try SigningKey(pem: pem, passphrase: nil) } == .passphrase)
    }

    @Test(
        "a cosign key that is none, or wants more than anybody has, is refused at once",
        arguments: [
            "", "{}", "[]", #"{"kdf":{"name":"pbkdf2"},"cipher":{"name":"nacl/secretbox"}}"#,
            #"{"kdf":{"name":"scrypt","params":{"N":1073741824,"r":8,"p":1},"salt":""},"cipher":{"name":"nacl/secretbox","nonce":""},"ciphertext":""}"#,
            #"{"kdf":{"name":"scrypt","params":{"N":9223372036854775807,"r":9223372036854775807,"p":1},"salt":""},"cipher":{"name":"nacl/secretbox","nonce":""},"ciphertext":""}"#,
            #"{"kdf":{"name":"scrypt","params":{"N":1000,"r":8,"p":1},"salt":""},"cipher":{"name":"nacl/secretbox","nonce":""},"ciphertext":""}"#,
        ], [true, false])
    func malformed(json: String, isWhole: Bool) throws {
        let label = "ENCRYPTED SIGSTORE PRIVATE KEY-----"
        let body = isWhole ? Base64.encode(Array(json.utf8)) : "!"
        let pem = Array("-----BEGIN \(label)\n\(body)\n-----END \(label)\n".utf8)
        #expect(kind { () throws(CryptographyError) in _ = try SigningKey(pem: pem, passphrase: [1]) } == .malformed)
    }
}
