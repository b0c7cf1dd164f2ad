import Faults
import Foundation
import ImageModel
import LinuxSystem
import SystemPackage
import Testing

@testable import Cryptography

/// Runs the `openssl` program in a folder of its own.
private struct OpenSSLProgram: ~Copyable {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cryptography-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    func write(_ bytes: [UInt8], _ name: String) throws { try Data(bytes).write(to: folder.appending(path: name)) }

    func read(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: folder.appending(path: name))) }

    func run(_ arguments: String...) throws -> Int32 {
        let outcome = try ChildProcess.run(
            "openssl", arguments, directory: FilePath(folder.path), output: .discard, timeout: .seconds(120))
        return outcome.succeeded ? 0 : 1
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
}

private let hasOpenSSL = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

@Suite("Keys against the openssl program", .enabled(if: hasOpenSSL))
struct KeyInteropTests {
    let message = Array("the manifest".utf8)

    @Test("openssl verifies our signature with our public key")
    func signsForOpenSSL() throws {
        let openssl = try OpenSSLProgram()
        let key = try SigningKey()
        try openssl.write(key.publicKey().pem(), "key.pub")
        try openssl.write(key.pem(), "key.pem")
        try openssl.write(message, "message")
        try openssl.write(key.sign(message), "signature")
        #expect(try openssl.run("pkey", "-in", "key.pem", "-check", "-noout") == 0)
        #expect(try openssl.run("dgst", "-sha256", "-verify", "key.pub", "-signature", "signature", "message") == 0)
    }

    @Test("we verify openssl's signature with its keys, PKCS #8 and SEC 1")
    func verifiesOpenSSL() throws {
        let openssl = try OpenSSLProgram()
        try openssl.write(message, "message")
        #expect(try openssl.run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "sec1.pem") == 0)
        #expect(try openssl.run("pkcs8", "-topk8", "-nocrypt", "-in", "sec1.pem", "-out", "pkcs8.pem") == 0)
        #expect(try openssl.run("pkey", "-in", "sec1.pem", "-pubout", "-out", "key.pub") == 0)
        #expect(try openssl.run("dgst", "-sha256", "-sign", "sec1.pem", "-out", "signature", "message") == 0)
        let key = try PublicKey(pem: openssl.read("key.pub"))
        #expect(try key.verify(signature: openssl.read("signature"), of: message) == .valid)
        for name in ["sec1.pem", "pkcs8.pem"] {
            let signing = try SigningKey(pem: openssl.read(name))
            #expect(try signing.publicKey() == key)
        }
        #expect(try openssl.read("key.pub") == key.pem())
    }

    @Test("other kinds of key and encrypted ones are refused")
    func refusesOthers() throws {
        let openssl = try OpenSSLProgram()
        let kinds = [
            ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], ["-algorithm", "ED25519"],
            ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"],
        ]
        for kind in kinds {
            switch kind.count {
            case 2: #expect(try openssl.run("genpkey", kind[0], kind[1], "-out", "key") == 0)
            case 4: #expect(try openssl.run("genpkey", kind[0], kind[1], kind[2], kind[3], "-out", "key") == 0)
            default:
                #expect(
                    try openssl.run("genpkey", kind[0], kind[1], kind[2], kind[3], kind[4], kind[5], "-out", "key") == 0
                )
            }
            #expect(try openssl.run("pkey", "-in", "key", "-pubout", "-out", "key.pub") == 0)
            let error = #expect(throws: CryptographyError.self) { try PublicKey(pem: openssl.read("key.pub")) }
            #expect(error?.cause.contains("only EC P-256") == true, "\(kind): \(String(describing: error))")
            #expect(throws: CryptographyError.self) { _ = try SigningKey(pem: openssl.read("key")) }
        }
        try openssl.write(SigningKey().pem(), "key")
        #expect(try openssl.run("pkcs8", "-topk8", "-in", "key", "-passout", "pass:x", "-out", "locked") == 0)
        #expect(throws: CryptographyError.self) { _ = try SigningKey(pem: openssl.read("locked")) }
    }
}

@Suite("Keys")
struct KeyTests {
    let message = Array("the manifest".utf8)

    @Test("a changed message, signature or key is invalid, not an error")
    func invalid() throws {
        let key = try SigningKey()
        let publicKey = try key.publicKey()
        let signature = try key.sign(message)
        #expect(try publicKey.verify(signature: signature, of: message) == .valid)
        #expect(try publicKey.verify(signature: signature, of: message + [0]) == .invalid)
        #expect(try SigningKey().publicKey().verify(signature: signature, of: message) == .invalid)
        #expect(try publicKey.verify(signature: signature + [0], of: message) == .invalid)
        for index in signature.indices {
            var altered = signature
            altered[index] ^= 1
            #expect(try publicKey.verify(signature: altered, of: message) == .invalid)
            #expect(try publicKey.verify(signature: Array(signature[..<index]), of: message) == .invalid)
        }
    }

    @Test(
        "text that is no key is refused with OpenSSL's reason",
        arguments: ["", "x", "-----BEGIN PUBLIC KEY-----\nAA\n"])
    func malformed(text: String) {
        let error = #expect(throws: CryptographyError.self) { try PublicKey(pem: Array(text.utf8)) }
        #expect(error?.description.hasPrefix("reading a public key: ") == true)
        #expect(error?.cause.contains("no reason") == false, "\(String(describing: error))")
    }
}

@Suite("SHA-256")
struct SHA256HasherTests {
    @Test(
        "the digest is FIPS 180's",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ])
    func vectors(text: String, hex: String) throws {
        #expect(try SHA256Hasher.digest(of: Array(text.utf8)).hex == hex)
    }

    @Test("a stream gives the digest of its whole, a second stream is a new one, a file is read to its end")
    func streams() throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        var hasher = try SHA256Hasher()
        try hasher.update(Array(bytes[..<1_000]))
        try hasher.update(Array(bytes[1_000...]))
        let digest = try hasher.finish()
        #expect(try digest == SHA256Hasher.digest(of: bytes))
        #expect(try hasher.finish() == SHA256Hasher.digest(of: []))
        let path = FilePath("/tmp/sha256-\(UUID().uuidString)")
        try Data(bytes).write(to: URL(filePath: path.string))
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        let file = try FileDescriptor.open(path, .readOnly)
        defer { try? file.close() }
        let result = try SHA256Hasher.digest(reading: file)
        #expect(result.digest == digest && result.size == bytes.count)
    }
}
