import CCryptsetup
import LinuxSystem
import SystemPackage

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
        key.isStrong ? .immediate : argon2id(machineMemoryInKiB: MemoryInformation.total ?? 0)
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

/// Reads how much memory the machine has (proc(5), `/proc/meminfo`).
enum MemoryInformation {
    /// All memory in KiB; nil when the kernel does not say.
    static var total: UInt64? {
        let bytes = (try? FileBytes.read("/proc/meminfo", limit: 1 << 16)) ?? []
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("MemTotal:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }
    }
}
