import BlockDevices
import CommandOutput
import Cryptography
import GrubEnvironment
import ImageModel
package import JSONText
import LinuxSystem
import RegistryAccess
import SystemPackage
import Verity
import YAMLDocuments

/// Uses every library that is linked, so that a static build that lacks a piece shows it before a machine needs it.
package enum SelfTest {
    /// What became of one library.
    package struct Result: Equatable, Sendable {
        /// What was tried.
        package var name: String
        /// What it said when it works, such as its version.
        package var detail: String
        /// Why it does not work; nil when it does.
        package var fault: String?
    }

    /// Says that a library works, but answers wrongly.
    struct WrongAnswer: Error, CustomStringConvertible {
        let description: String
    }

    /// Tries them all.
    package static func run() -> [Result] {
        [
            attempt("libblkid", blkid), attempt("libmount", mount), attempt("libcryptsetup", cryptsetup),
            attempt("libcrypto", crypto), attempt("libyaml", yaml), attempt("libcurl", RegistryLibrary.selfTest),
            attempt("boot environment", environment),
        ]
    }

    /// A table for people.
    package static func lines(_ results: [Result]) -> [String] {
        var table = TextTable(["LIBRARY", "WORKS", "DETAIL"])
        for result in results {
            table.add([result.name, result.fault == nil ? "yes" : "NO", result.fault ?? result.detail])
        }
        return table.lines
    }

    /// The same for programs: each with `library`, `detail` and `fault`.
    package static func json(_ results: [Result]) -> JSONValue {
        let libraries = results.map { result -> JSONValue in
            [
                "library": .string(result.name), "detail": result.fault == nil ? .string(result.detail) : .null,
                "fault": result.fault.map { .string($0) } ?? .null,
            ]
        }
        return ["format": 1, "libraries": .array(libraries)]
    }

    private static func attempt(_ name: String, _ body: () throws -> String) -> Result {
        do { return Result(name: name, detail: try body(), fault: nil) } catch {
            return Result(name: name, detail: "", fault: "\(error)")
        }
    }

    /// A file that is always there and holds no file system: this program.
    private static let ourselves: FilePath = "/proc/self/exe"

    private static func blkid() throws -> String {
        let device = try BlockDevice.probe(ourselves)
        if let problem = device.problem { throw WrongAnswer(description: problem) }
        if let type = device.filesystemType { throw WrongAnswer(description: "it takes a program for \(type)") }
        return BlkidLibrary.version
    }

    private static func mount() throws -> String {
        guard try !Procfs.mounts().isEmpty else { throw WrongAnswer(description: "no mounts at all") }
        return MountLibrary.version
    }

    private static func cryptsetup() throws -> String {
        if try VerityLibrary.hasSuperblock(ourselves) {
            throw WrongAnswer(description: "it takes a program for a verity tree")
        }
        return "crypto backend started"
    }

    private static func crypto() throws -> String {
        let key = try PublicKey(pem: Array(TestVector.publicKey.utf8))
        guard let signature = Base64.decode(Array(TestVector.signature.utf8)) else {
            throw WrongAnswer(description: "the built-in signature is no Base64")
        }
        guard try key.verify(signature: signature, of: Array(TestVector.message.utf8)) == .valid else {
            throw WrongAnswer(description: "a good signature counts as bad")
        }
        guard try key.verify(signature: signature, of: Array("\(TestVector.message)!".utf8)) == .invalid else {
            throw WrongAnswer(description: "a bad signature counts as good")
        }
        guard try SHA256Hasher.digest(of: Array(TestVector.message.utf8)).hex == TestVector.digest else {
            throw WrongAnswer(description: "a SHA-256 digest is wrong")
        }
        return "\(CryptoLibrary.version), ECDSA P-256 and SHA-256"
    }

    private static func yaml() throws -> String {
        guard try YAMLDocument.parse(Array("a: [1, 2]\n".utf8)) != nil else {
            throw WrongAnswer(description: "it sees no document")
        }
        return YAMLDocument.libraryVersion
    }

    private static func environment() throws -> String {
        guard let image = ImageID("0123456789abcdef") else { throw WrongAnswer(description: "an image id is refused") }
        let environment = BootEnvironment(active: image)
        guard try BootEnvironment.read(environment.serialized()).environment == environment else {
            throw WrongAnswer(description: "what is written is not what is read")
        }
        return "\(EnvironmentBlock.size) bytes there and back"
    }
}

/// One signature that OpenSSL's command line made, and the key it was made with, whose private half is gone.
enum TestVector {
    /// The signed message.
    static let message = "lifeboot selftest"
    /// Its SHA-256.
    static let digest = "218d30cdd30751b072f2904393f26931316ba92af80518127e3c875709586671"
    /// The signature: ECDSA P-256 over SHA-256, DER, Base64.
    static let signature =
        "MEUCIC8W+RLNdqboQbUBoprn75EOdmfTQF5SHwrZzxxtRMsiAiEAu+T0yyjJCd2ekvG7S4B/61Vv/qH674FUzKQi5yu218Y="
    /// The public key.
    static let publicKey = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEreKyOTG7yPmSFpLMRni/kCvCc8E+
        brcvMczV0BospxAtLbJZjOWg49mwvF+W+NEDZ8atltHvqTh0/1/LCZjhhA==
        -----END PUBLIC KEY-----

        """
}
