import Cryptography
import ImagePlanning
import Testing

@testable import ImageAssembly

@Suite("Key files of a tree")
struct KeyInspectionTests {
    @Test("each file is told as what it is, private keys wherever they lie")
    func kinds() throws {
        let ours = try SigningKey()
        let other = try SigningKey()
        let texts: [String: [UInt8]] = [
            "usr/lib/lifeboot/keys/a.pem": try ours.publicKey().pem(),
            "usr/lib/lifeboot/keys/b.pub": try other.publicKey().pem(),
            "usr/lib/lifeboot/keys/c.pem": Array("hello".utf8), "usr/lib/lifeboot/keys/README": Array("hello".utf8),
            "etc/lifeboot/keys/d.pem": try ours.pem(), "root/other.key": try other.pem(),
            "etc/ssh/host_key": try SigningKey().pem(),
            "etc/lifeboot/keys/e.key": Array("-----BEGIN ENCRYPTED PRIVATE KEY-----\nx".utf8),
        ]
        let keys = KeyInspection(signer: try ours.publicKey(), texts: [texts]).keys(texts)
        var found = Dictionary(keys.map { ($0.path, $0.content) }, uniquingKeysWith: { first, _ in first })
        #expect(found.removeValue(forKey: "usr/lib/lifeboot/keys/a.pem") == .publicKey(isSigner: true))
        #expect(found.removeValue(forKey: "usr/lib/lifeboot/keys/b.pub") == .publicKey(isSigner: false))
        guard case .noKey = found.removeValue(forKey: "usr/lib/lifeboot/keys/c.pem") else {
            return #expect(Bool(false))
        }
        #expect(
            found == [
                "etc/lifeboot/keys/d.pem": .privateKey(isOurs: true), "root/other.key": .privateKey(isOurs: true),
                "etc/ssh/host_key": .privateKey(isOurs: false), "etc/lifeboot/keys/e.key": .privateKey(isOurs: false),
            ])
    }

    @Test("a certificate and a text about keys are no private keys")
    func others() {
        #expect(!KeyInspection.isPrivate(Array("-----BEGIN CERTIFICATE-----\nPRIVATE KEY-----\n".utf8)))
        #expect(!KeyInspection.isPrivate(Array("-----BEGIN PRIVATE KEY-----".utf8.dropLast(3))))
        #expect(!KeyInspection.isPrivate([]))
    }
}
