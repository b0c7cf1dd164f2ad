import ImageModel
import Testing

@testable import Cryptography

@Suite("Functions that OpenSSL lacks")
struct Salsa20Tests {
    private func bytes(_ text: String) throws -> [UInt8] {
        try #require(Hexadecimal.bytes(of: text.filter { !$0.isWhitespace }))
    }

    @Test(
        "scrypt gives what RFC 7914 says",
        arguments: [
            (
                "", "", 16, 1, 1,
                """
                77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442
                fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906
                """
            ),
            (
                "password", "NaCl", 1_024, 8, 16,
                """
                fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162
                2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640
                """
            ),
        ])
    func scrypt(passphrase: String, salt: String, n: Int, r: Int, p: Int, expected: String) throws {
        let cost = Scrypt.Cost(iterations: n, blockSize: r, parallel: p)
        let key = try Scrypt.key(Array(passphrase.utf8), salt: Array(salt.utf8), cost, count: 64)
        #expect(try key == bytes(expected))
    }

    /// The example of "Cryptography in NaCl", section 10.
    @Test("secretbox opens NaCl's example, and nothing that was changed")
    func secretBox() throws {
        let key = try bytes("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389")
        let nonce = try bytes("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37")
        let box = try bytes(
            """
            f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b
            4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da
            99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5
            """)
        let text = try bytes(
            """
            be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f4
            1db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52
            f0a089bc76897040e082f937763848645e0705
            """)
        #expect(try SecretBox.open(box, nonce: nonce, key: key) == text)
        for place in [0, 15, 16, box.count - 1] {
            var changed = box
            changed[place] ^= 1
            #expect(try SecretBox.open(changed, nonce: nonce, key: key) == nil)
        }
        #expect(try SecretBox.open(Array(box.prefix(15)), nonce: nonce, key: key) == nil)
        #expect(try SecretBox.open(box, nonce: nonce, key: Array(key.dropLast())) == nil)
    }
}
