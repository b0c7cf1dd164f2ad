import CCryptsetup
import Glibc
import LinuxSystem
package import SystemPackage

/// Owns the bytes of a passphrase or key file, and overwrites them when dropped.
@safe package struct VolumeKey: ~Copyable {
    /// The most bytes of a key file that are used, as `cryptsetup` has it by default (8 MiB).
    package static let limit = 8 << 20
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

    /// Reads a key file that somebody named, every byte of it.
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
            return try FileBytes.readGiven(path, limit: limit)
        } catch {
            throw .key(path, error)
        }
    }
}

/// Says how hard guessing a key is made.
package enum KeyDerivation: Equatable, Sendable {
    /// Argon2id (RFC 9106): needs this much memory, in KiB, each time the volume is opened.
    case argon2id(memory: UInt32)
    /// PBKDF2 with SHA-256 and the fewest iterations, for keys that are random: opens at once and needs no memory.
    case immediate

    /// Bounds of Argon2id's memory in KiB: below 32 MiB it is no better than PBKDF2, above 512 MiB nothing is won.
    static let memoryRange: ClosedRange<UInt32> = 32 << 10...512 << 10

    /// Argon2id with a quarter of the machine's memory, within bounds: it must do in the initramfs, beside a RAM disk.
    package static func argon2id(machineMemoryInKiB: UInt64) -> KeyDerivation {
        let quarter = UInt32(clamping: machineMemoryInKiB / 4)
        return .argon2id(memory: min(max(quarter, memoryRange.lowerBound), memoryRange.upperBound))
    }

    /// What suits a key on this machine; a machine that does not tell its memory counts as small.
    package static func suited(to key: borrowing VolumeKey) -> KeyDerivation {
        key.isStrong ? .immediate : argon2id(machineMemoryInKiB: MachineMemory.kibibytes ?? 0)
    }

    /// Lends the parameters in the library's form.
    ///
    /// The corresponding C type is `crypt_pbkdf_type`; 2,000 ms is the default of `cryptsetup`, 1,000 iterations its
    /// minimum (SP 800-132).
    func withLibraryParameters<Result>(_ body: (inout crypt_pbkdf_type) -> Result) -> Result {
        let name = isArgon ? CRYPT_KDF_ARGON2ID : CRYPT_KDF_PBKDF2
        return unsafe name.withCString { name in
            unsafe "sha256".withCString { hash in
                var library = unsafe crypt_pbkdf_type()
                unsafe library.type = name
                unsafe library.hash = hash
                unsafe library.time_ms = 2000
                switch self {
                case .argon2id(let memory):
                    unsafe library.max_memory_kb = memory
                    unsafe library.parallel_threads = 4
                case .immediate:
                    unsafe library.time_ms = 0
                    unsafe library.iterations = 1000
                    unsafe library.flags = ccryptsetup_no_benchmark
                }
                return unsafe body(&library)
            }
        }
    }

    private var isArgon: Bool { if case .argon2id = self { true } else { false } }
}
