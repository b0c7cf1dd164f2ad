import Faults
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import Cryptography

/// Where Debian's packages softhsm2 and libengine-pkcs11-openssl have their parts.
private let module = "/usr/lib/softhsm/libsofthsm2.so"
private let hasToken =
    ["/usr/bin/softhsm2-util", "/usr/bin/openssl", module].allSatisfy { FileManager.default.fileExists(atPath: $0) }

@Suite("Keys in tokens")
struct TokenKeyTests {
    @Test("a PIN is never shown")
    func shown() {
        #expect(TokenKey.shown("pkcs11:token=t;object=k?pin-value=1234") == "pkcs11:token=t;object=k")
        #expect(
            TokenKey.shown("pkcs11:object=k?module-name=m&pin-value=1&pin-source=/p")
                == "pkcs11:object=k?module-name=m&pin-source=/p")
        #expect(TokenKey.shown("pkcs11:object=k") == "pkcs11:object=k")
    }

    @Test("without a token it is said which program failed, and how", .disabled(if: hasToken))
    func noToken() {
        let error = #expect(throws: CryptographyError.self) {
            _ = try SigningKey(pkcs11: "pkcs11:object=none?pin-value=4711", pinFile: nil)
        }
        #expect(error?.kind == .program && error?.description.contains("4711") == false)
    }

    // The engine finds the module and SoftHSM its tokens by variables of the environment, so all of it runs in a process.
    @Test("a key in SoftHSM signs, and what it signs openssl verifies", .enabled(if: hasToken))
    func signs() async {
        await #expect(processExitsWith: .success) {
            let folder = FileManager.default.temporaryDirectory.appending(path: "token-\(UUID().uuidString)")
            try FileManager.default.createDirectory(
                at: folder.appending(path: "tokens"), withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            setenv("SOFTHSM2_CONF", folder.appending(path: "conf").path, 1)
            setenv("PKCS11_MODULE_PATH", module, 1)
            let script = """
                printf 'directories.tokendir = %s/tokens\\nobjectstore.backend = file\\n' $PWD > conf
                softhsm2-util --init-token --free --label t --so-pin 1234 --pin 5678
                openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem
                softhsm2-util --import key.pem --token t --label k --id a1 --pin 5678
                echo 5678 > pin
                """
            _ = try ChildProcess.run(
                "/bin/sh", ["-ec", script], directory: FilePath(folder.path), timeout: .seconds(60)
            ).requireSuccess()
            let plain = try SigningKey(pem: Array(Data(contentsOf: folder.appending(path: "key.pem"))))
            let pin = FilePath(folder.appending(path: "pin").path)
            for (uri, file) in [("pkcs11:token=t;object=k", pin), ("pkcs11:token=t;object=k?pin-value=5678", nil)] {
                let key = try SigningKey(pkcs11: uri, pinFile: file)
                #expect(try key.publicKey() == plain.publicKey())
                let signature = try key.sign([1, 2, 3])
                #expect(try plain.publicKey().verify(signature: signature, of: [1, 2, 3]) == .valid)
                #expect(throws: CryptographyError.self) { _ = try key.pem() }
            }
            #expect(throws: CryptographyError.self) {
                _ = try SigningKey(pkcs11: "pkcs11:token=t;object=other?pin-value=5678", pinFile: nil)
            }
        }
    }
}
