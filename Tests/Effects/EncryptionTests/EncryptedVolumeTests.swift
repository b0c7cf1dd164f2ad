import Faults
import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import Encryption

/// A file that stands in for a partition, and goes with the suite.
struct VolumeFile: ~Copyable {
    let path: FilePath

    init(megabytes: Int = 32) throws {
        path = FilePath("/tmp/lifeboot-encryption-\(UUID().uuidString)")
        let file = try OwnedDescriptor(opening: path, .readWrite, options: .create, permissions: .ownerReadWrite)
        try file.descriptor.resize(to: Int64(megabytes) << 20)
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }
}

/// Opening needs device-mapper and is tested in virtual machines; everything else works on a file.
@Suite("Encrypted volume", .timeLimit(.minutes(10)))
struct EncryptedVolumeTests {
    private static func key(_ text: String) throws -> VolumeKey { try VolumeKey(Array(text.utf8)) }

    @Test("opens with its key and with no other", arguments: [KeyDerivation.immediate, .argon2id(memory: 32 << 10)])
    func opens(derivation: KeyDerivation) throws {
        let file = try VolumeFile()
        try EncryptedVolume.format(file.path, key: try Self.key("horse battery"), derivation: derivation)
        #expect(try EncryptedVolume.opens(file.path, with: try Self.key("horse battery")))
        #expect(try !EncryptedVolume.opens(file.path, with: try Self.key("horse batterz")))
    }

    @Test("cryptsetup reads the header: cipher, label, key derivation within the memory that was allowed")
    func interop() throws {
        let file = try VolumeFile()
        try EncryptedVolume.format(
            file.path, key: try Self.key("p"), derivation: .argon2id(memory: 40_000), label: "LB_PERSISTENT")
        let dump = try ChildProcess.run("cryptsetup", ["luksDump", file.path.string]).requireSuccess()
        let text = String(decoding: dump.standardOutput, as: UTF8.self)
        let words = text.split { " \t\n".contains($0) }.map(String.init)
        #expect(text.contains("aes-xts-plain64"))
        #expect(text.contains("LB_PERSISTENT"))
        #expect(text.contains("argon2id"))
        let place = try #require(words.firstIndex(of: "Memory:"))
        #expect(try #require(Int(words[place + 1])) <= 40_000)
    }

    @Test("cryptsetup opens a volume with its key file")
    func keyFile() throws {
        let file = try VolumeFile()
        let keyFile = FilePath(file.path.string + ".key")
        defer { try? FileManager.default.removeItem(atPath: keyFile.string) }
        let bytes = (0..<64).map { UInt8($0) }
        try AtomicFile.write(bytes, to: keyFile)
        let first = try VolumeKey(keyFile: keyFile)
        let suited = KeyDerivation.suited(to: first)
        #expect(suited == .immediate)
        try EncryptedVolume.format(file.path, key: first, derivation: .immediate)
        try ChildProcess.run(
            "cryptsetup", ["open", "--test-passphrase", "--key-file", keyFile.string, file.path.string]
        ).requireSuccess()
    }

    @Test("formatting again takes every old key away")
    func formatsAgain() throws {
        let file = try VolumeFile()
        try EncryptedVolume.format(file.path, key: try Self.key("old"), derivation: .immediate)
        try EncryptedVolume.format(file.path, key: try Self.key("new"), derivation: .immediate)
        #expect(try !EncryptedVolume.opens(file.path, with: try Self.key("old")))
        #expect(try EncryptedVolume.opens(file.path, with: try Self.key("new")))
    }

    @Test("what is no volume, and what cannot be read, is an error")
    func noVolume() throws {
        let file = try VolumeFile()
        #expect(throws: EncryptionError.self) { try EncryptedVolume.opens(file.path, with: try Self.key("x")) }
        #expect(throws: EncryptionError.self) {
            try EncryptedVolume.opens("/nonexistent/device", with: try Self.key("x"))
        }
    }

    @Test("where memory is missing, the key that needs none is named")
    func memory() {
        let error = EncryptionError.library("opening", "/dev/x", -Errno.noMemory.rawValue, said: [])
        #expect(error.errno == .noMemory)
        #expect(error.remedy.contains("a key file of \(VolumeKey.strongSize) bytes"))
    }
}
