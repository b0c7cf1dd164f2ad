package import ImageModel
import LinuxSystem
import Synchronization

/// Computes a SHA-256 digest of a stream on a thread of its own, while the stream's reader goes on.
///
/// Bytes are copied; some 2 MiB of them wait at most.
package struct BackgroundHasher: ~Copyable {
    /// Bytes that are handed to a thread at once.
    private static let batchLength = 1 << 20

    /// The hasher, which is with one thread at a time.
    private final class Shared: Sendable {
        private let hasher: Mutex<SHA256Hasher>

        init() throws(CryptographyError) { hasher = Mutex(try SHA256Hasher()) }

        func update(_ bytes: [UInt8]) throws { try hasher.withLock { try $0.update(bytes) } }

        func finish() throws -> Digest { try hasher.withLock { try $0.finish() } }

        func digestSoFar() throws -> Digest { try hasher.withLock { try $0.digestSoFar() } }
    }

    private let shared: Shared
    private var waiting: [UInt8] = []
    private var work: BackgroundWork<Void>?

    /// Begins a stream.
    ///
    /// - Throws: `CryptographyError` when OpenSSL has no SHA-256 or no memory.
    package init() throws(CryptographyError) { shared = try Shared() }

    /// Takes the next bytes.
    ///
    /// - Throws: `CryptographyError`, also for bytes before.
    package mutating func update(_ bytes: Span<UInt8>) throws {
        ByteCopy.append(bytes, to: &waiting)
        if waiting.count >= Self.batchLength { try handOver() }
    }

    /// Returns the digest of all bytes taken and begins a new stream.
    ///
    /// - Throws: as `update`.
    package mutating func finish() throws -> Digest {
        try settle()
        return try shared.finish()
    }

    /// Returns the digest of the bytes taken so far and goes on with the stream.
    ///
    /// - Throws: as `update`.
    package mutating func digestSoFar() throws -> Digest {
        try settle()
        return try shared.digestSoFar()
    }

    private mutating func handOver() throws {
        try join()
        work = BackgroundWork { [shared, waiting] in try shared.update(waiting) }
        waiting = []
        waiting.reserveCapacity(Self.batchLength)
    }

    private mutating func settle() throws {
        try join()
        try shared.update(waiting)
        waiting = []
    }

    private mutating func join() throws {
        if var work = work.take() { try work.value() }
    }
}
