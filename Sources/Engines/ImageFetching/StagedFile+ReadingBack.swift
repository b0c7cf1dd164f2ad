import Cryptography
import Filesystems
import ImageModel
import LinuxSystem
import SystemPackage
import TransferPlanning
import Verity

// What the disk gives back.

/// Keeps the digest of the front of a file that was read back from the disk.
struct ReadBack: ~Copyable {
    /// Bytes read so far.
    private(set) var end = 0
    private var hasher: SHA256Hasher

    init() throws(CryptographyError) { hasher = try SHA256Hasher() }

    /// Takes the next bytes, from the front of a buffer.
    mutating func take(_ buffer: [UInt8], _ count: Int) throws(CryptographyError) {
        try hasher.update(buffer.span.extracting(0..<count))
        end += count
    }

    /// Begins anew when bytes are written where it has read already.
    mutating func forget(from offset: Int) throws(CryptographyError) {
        if offset < end { _ = try finish() }
    }

    /// Returns the digest of what was read and begins anew.
    mutating func finish() throws(CryptographyError) -> Digest {
        end = 0
        return try hasher.finish()
    }
}

extension StagedFile {
    /// Notes that bytes from there on are written: none of them counts as read back or as durable.
    mutating func forget(from offset: Int) throws(CryptographyError) {
        (proof, isFlushed) = (nil, false)
        reading = nil
        try readBack.forget(from: offset)
        if let position = tree?.position, offset < position { tree = nil }
    }

    /// Reads on from where it was read back last.
    ///
    /// - Throws: `PreallocationError` when it cannot be read.
    mutating func readBack(upTo end: Int) throws {
        while readBack.end < end {
            let count = try file.read(into: &buffer, count: min(Self.blockLength, end - readBack.end), at: readBack.end)
            // A file that has become shorter has another digest.
            if count == 0 { return }
            try readBack.take(buffer, count)
        }
    }

    /// Does something that reads the file; when the disk refuses, the next attempt fetches the parts that it does not give.
    ///
    /// - Throws: what `body` throws.
    mutating func discardingUnreadable<Result>(_ body: (inout StagedFile) throws -> Result) throws -> Result {
        do { return try body(&self) } catch {
            if error is PreallocationError || error is VerityError { try verifyAll() }
            throw error
        }
    }

    /// Begins to read a finished file back, while others are fetched.
    mutating func beginReadingBack() {
        guard isComplete, proof == nil else { return }
        reading = BackgroundWork { [path = file.path, size = index.size] in try DiskReading.digest(of: path, size: size)
        }
    }

    /// Looks whether what the disk gives back of a complete file has its digest, unless the file is proven already.
    ///
    /// - Throws: `PreallocationError` when it cannot be read; what the disk does not give is out of the journal then.
    mutating func prove() throws {
        guard proof == nil, isComplete else { return }
        if try discardingUnreadable({ (file) in try file.digest() }) == index.digest { proof = .digest }
    }

    /// Reads what was not read back yet and returns the digest of the whole file.
    private mutating func digest() throws -> Digest {
        if var reading = reading.take() { return try reading.value() }
        try file.flushAndForget()
        try readBack(upTo: index.size)
        return try readBack.finish()
    }
}
