import Glibc
import LinuxSystem
package import SystemPackage

/// Owns the bytes of a passphrase or key file, and overwrites them when dropped.
@safe package struct VolumeKey: ~Copyable {
    /// The most bytes of a key file that are used, as `cryptsetup` has it by default (8 MiB).
    static let limit = 8 << 20
    /// A key file of at least this many bytes is taken for random: guessing it is hopeless without slowing it down.
    static let strongSize = 32

    private let buffer: UnsafeMutableRawBufferPointer

    /// Takes bytes as they are; the caller's copy is not overwritten.
    ///
    /// - Throws: `EncryptionError` when there are none, which would be a volume that anybody opens.
    package init(_ bytes: [UInt8], from subject: String = "the key") throws(EncryptionError) {
        guard !bytes.isEmpty else { throw .emptyKey(subject) }
        unsafe buffer = .allocate(byteCount: bytes.count, alignment: 16)
        unsafe buffer.copyBytes(from: bytes)
    }

    /// Reads a key file, every byte of it.
    ///
    /// - Throws: `EncryptionError` when it cannot be read, is empty or larger than 8 MiB.
    package init(keyFile: FilePath) throws(EncryptionError) {
        try self.init(Self.read(keyFile), from: keyFile.string)
    }

    /// Reads a passphrase from a file: the first line, without the end of the line.
    ///
    /// - Throws: `EncryptionError` when it cannot be read or the line is empty.
    package init(passphraseFile: FilePath) throws(EncryptionError) {
        let line = try Self.read(passphraseFile).prefix { $0 != UInt8(ascii: "\n") }
        try self.init(Array(line), from: passphraseFile.string)
    }

    /// Whether it is long enough to be taken for random.
    package var isStrong: Bool { unsafe buffer.count >= Self.strongSize }

    /// Lends the bytes to the library.
    borrowing func withCharacters(_ body: (UnsafePointer<CChar>, Int) -> Int32) -> Int32 {
        unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
            guard let base = characters.baseAddress else { return -EINVAL }
            return unsafe body(base, characters.count)
        }
    }

    deinit {
        if let base = unsafe buffer.baseAddress { unsafe explicit_bzero(base, buffer.count) }
        unsafe buffer.deallocate()
    }

    private static func read(_ path: FilePath) throws(EncryptionError) -> [UInt8] {
        do throws(SystemError) {
            return try FileBytes.read(path, limit: limit)
        } catch {
            throw .key(path, error)
        }
    }
}
