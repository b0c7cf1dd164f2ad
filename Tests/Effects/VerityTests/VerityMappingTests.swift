import Faults
import Foundation
import Glibc
import ImageModel
import SystemPackage
import Testing

@testable import LinuxSystem
@testable import Verity

/// Maps need device-mapper and are tested in virtual machines; here is what comes before the kernel is asked.
@Suite("Verity mapping", .timeLimit(.minutes(10)))
struct VerityMappingTests {
    private static let salt: [UInt8] = [1, 2, 3, 4]
    private static let size = 64 * 4096

    private static func parameters(
        rootHash: [UInt8] = [UInt8](repeating: 0, count: 32), salt: [UInt8] = salt, dataBlockSize: Int = 4096,
        algorithm: String = "sha256", hashOffset: Int = size
    ) -> VerityParameters {
        VerityParameters(
            rootHash: rootHash, salt: salt, hashOffset: hashOffset, dataBlockSize: dataBlockSize, algorithm: algorithm,
            uuid: "")
    }

    private static func image(_ body: (FilePath, [UInt8]) throws -> Void) throws {
        let path = FilePath("/tmp/lifeboot-verity-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        try Data(repeating: 7, count: size).write(to: URL(fileURLWithPath: path.string))
        let outcome = try ChildProcess.run(
            "veritysetup",
            ["format", path.string, path.string, "--hash-offset", "\(size)", "--salt", "01020304"]
        ).requireSuccess()
        let text = String(decoding: outcome.standardOutput, as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("Root hash") }
        let hex = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).last ?? ""
        let hash = stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) }
        try body(path, hash)
    }

    @Test(
        "a tree that is not the manifest's is refused before the kernel is asked, and the difference is named",
        .enabled(if: geteuid() == 0),
        arguments: [
            (parameters(salt: [9]), "salt"), (parameters(salt: []), "salt"),
            (parameters(algorithm: "sha512"), "hash function"), (parameters(dataBlockSize: 512), "block size"),
        ] as [(VerityParameters, String)])
    func altered(expected: VerityParameters, what: String) throws {
        try Self.image { path, hash in
            var expected = expected
            expected.rootHash = hash
            let error = #expect(throws: VerityError.self) {
                try VerityMapping.activate("lifeboot-test", over: path, expected)
            }
            #expect(error == .mismatch(path, what), "\(String(describing: error))")
        }
    }

    @Test("a root hash of the wrong length is refused", .enabled(if: geteuid() == 0), arguments: [0, 1, 31, 33, 64])
    func rootHash(length: Int) throws {
        try Self.image { path, _ in
            let hash = [UInt8](repeating: 1, count: length)
            #expect(throws: VerityError.self) {
                try VerityMapping.activate("lifeboot-test", over: path, Self.parameters(rootHash: hash))
            }
        }
    }

    @Test(
        "a kernel without device-mapper is said so",
        .enabled(if: geteuid() == 0 && !FileManager.default.fileExists(atPath: "/sys/class/misc/device-mapper")))
    func noDeviceMapper() throws {
        try Self.image { path, hash in
            let error = #expect(throws: VerityError.self) {
                try VerityMapping.activate("lifeboot-test", over: path, Self.parameters(rootHash: hash))
            }
            #expect(error?.operation == "activating verity over", "\(String(describing: error))")
            #expect(error?.cause.contains("device-mapper") == true, "\(String(describing: error))")
            #expect(error?.remedy.contains("dm_verity") == true, "\(String(describing: error))")
        }
    }

    @Test("a device without a tree, and one that is absent, are refused", .enabled(if: geteuid() == 0))
    func noTree() throws {
        try Self.image { path, hash in
            try ChildProcess.run("truncate", ["-s", "\(Self.size)", path.string]).requireSuccess()
            try ChildProcess.run("truncate", ["-s", "\(2 * Self.size)", path.string]).requireSuccess()
            let error = #expect(throws: VerityError.self) {
                try VerityMapping.activate("lifeboot-test", over: path, Self.parameters(rootHash: hash))
            }
            #expect(error?.operation == "reading verity of", "\(String(describing: error))")
        }
        let absent = #expect(throws: VerityError.self) {
            try VerityMapping.activate("lifeboot-test", over: "/no/such/device", Self.parameters())
        }
        #expect(absent?.operation == "opening")
        #expect(throws: VerityError.self) { try VerityMapping.deactivate("lifeboot-no-such-map") }
    }
}
