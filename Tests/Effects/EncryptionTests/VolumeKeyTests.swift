import Faults
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import Encryption

@Suite("Volume key")
struct VolumeKeyTests {
    private static func withFile(_ bytes: [UInt8], _ body: (FilePath) throws -> Void) throws {
        let path = FilePath("/tmp/lifeboot-key-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        try AtomicFile.write(bytes, to: path)
        try body(path)
    }

    private static func bytes(of key: borrowing VolumeKey) -> [UInt8] {
        var result: [UInt8] = []
        _ = unsafe key.withCharacters { base, count in
            result = unsafe UnsafeBufferPointer(start: base, count: count).map { UInt8(bitPattern: $0) }
            return 0
        }
        return result
    }

    @Test("a passphrase is the first line; a key file is all of it", arguments: ["abc", "abc\n", "abc\nmore\n"])
    func reading(text: String) throws {
        try Self.withFile(Array(text.utf8)) { path in
            let passphrase = try VolumeKey(passphraseFile: path)
            let key = try VolumeKey(keyFile: path)
            let (line, all) = (Self.bytes(of: passphrase), Self.bytes(of: key))
            #expect(line == Array("abc".utf8))
            #expect(all == Array(text.utf8))
        }
    }

    @Test("an empty key is refused", arguments: ["", "\nabc"])
    func empty(text: String) throws {
        try Self.withFile(Array(text.utf8)) { path in
            let error = #expect(throws: EncryptionError.self) { _ = try VolumeKey(passphraseFile: path) }
            #expect(error?.cause == "it is empty")
        }
    }

    @Test("a missing file is named")
    func missing() {
        let error = #expect(throws: EncryptionError.self) { _ = try VolumeKey(keyFile: "/nonexistent/key") }
        #expect(error?.subject == "/nonexistent/key")
        #expect(error?.errno == .noSuchFileOrDirectory && error?.underlying is SystemError)
    }

    @Test(
        "Argon2id takes a quarter of the memory, within bounds",
        arguments: [(0, 32 << 10), (512 << 10, 128 << 10), (64 << 20, 512 << 10)] as [(UInt64, UInt32)])
    func memory(machine: UInt64, expected: UInt32) {
        #expect(KeyDerivation.argon2id(machineMemoryInKiB: machine) == .argon2id(memory: expected))
    }

    @Test("a short key is derived slowly")
    func weak() throws {
        let key = try VolumeKey(Array("short".utf8))
        guard case .argon2id = KeyDerivation.suited(to: key) else {
            Issue.record("a passphrase must not be guessed at full speed")
            return
        }
    }
}
