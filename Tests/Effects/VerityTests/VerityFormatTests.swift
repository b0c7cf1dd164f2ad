import Foundation
import ImageModel
import SystemPackage
import Testing

@testable import LinuxSystem
@testable import Verity

@Suite("Hash trees in files", .timeLimit(.minutes(10)))
struct VerityFormatTests {
    private static let uuid = "0a1b2c3d-1111-2222-3333-4455667788ff"

    /// The most blocks that a test asks for: one more than two levels of digests hold.
    private static let most = 128 * 128 + 1

    /// Blocks of which no two are alike, made once, for that takes longer than their hash tree.
    private static let content = (0..<UInt64(most * 512)).map { $0 &* 0x9E37_79B9_7F4A_7C15 }
        .withUnsafeBytes { Data($0) }

    private static func file(_ blocks: Int, _ body: (FilePath) throws -> Void) throws {
        let path = FilePath("/tmp/lifeboot-tree-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        try content.prefix(blocks * 4_096).write(to: URL(fileURLWithPath: path.string))
        try body(path)
    }

    @Test(
        "the file is that of veritysetup, byte for byte",
        arguments: [1, 2, 127, 128, 129, 257, 128 * 128, most], [0, 1, 32, 256])
    func bytes(blocks: Int, saltLength: Int) throws {
        let salt = (0..<saltLength).map { UInt8(truncatingIfNeeded: $0 * 7 + 1) }
        try Self.file(blocks) { path in
            let other = FilePath(path.string + ".theirs")
            defer { try? FileManager.default.removeItem(atPath: other.string) }
            try FileManager.default.copyItem(atPath: path.string, toPath: other.string)
            let size = blocks * 4_096
            let made = try VerityFormat.append(to: path, size: size, salt: salt, uuid: Self.uuid)
            let said = try ChildProcess.run(
                "veritysetup",
                [
                    "format", other.string, other.string, "--hash-offset", "\(size)", "--data-blocks", "\(blocks)",
                    "--uuid", Self.uuid, "--salt", salt.isEmpty ? "-" : Hexadecimal.text(of: salt),
                ]
            ).requireSuccess()
            try ChildProcess.run("cmp", [path.string, other.string]).requireSuccess()
            let text = String(decoding: said.standardOutput, as: UTF8.self)
            #expect(text.contains(Hexadecimal.text(of: made.rootHash)))
            #expect(made.hashOffset == size && made.salt == salt)
            #expect(try FileStatus.of(path)?.size == Int64(VerityTreeLayout(dataSize: size).end))
            #expect(try VerityFormat.mismatch(in: path, made) == nil)
        }
    }

    @Test("what is behind the data is replaced, and another root hash is found out")
    func replaced() throws {
        try Self.file(200) { path in
            let made = try VerityFormat.append(to: path, size: 200 * 4_096, salt: [1], uuid: Self.uuid)
            let expected = try Data(contentsOf: URL(fileURLWithPath: path.string))
            try (expected.prefix(200 * 4_096) + Data(repeating: 9, count: 1 << 20))
                .write(to: URL(fileURLWithPath: path.string))
            #expect(try VerityFormat.append(to: path, size: 200 * 4_096, salt: [1], uuid: Self.uuid) == made)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path.string)) == expected)
            var other = made
            other.rootHash[31] ^= 1
            #expect(try VerityFormat.mismatch(in: path, other) != nil)
        }
    }

    @Test(
        "sizes, salts and UUIDs that no tree has are refused, and nothing is written",
        arguments: [
            (0, 1, uuid), (-4_096, 1, uuid), (4_095, 1, uuid), (4_096, 257, uuid), (4_096, 1, "x"), (4_096, 1, ""),
        ])
    func refused(size: Int, saltLength: Int, uuid: String) throws {
        try Self.file(1) { path in
            #expect(throws: VerityError.self) {
                _ = try VerityFormat.append(
                    to: path, size: size, salt: Array(repeating: 1, count: saltLength), uuid: uuid)
            }
            let status = try FileStatus.of(path)
            #expect(status?.size == 4_096)
        }
    }
}
