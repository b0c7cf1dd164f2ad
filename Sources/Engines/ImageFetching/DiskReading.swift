import Cryptography
import Filesystems
import ImageModel
import LinuxSystem
import Synchronization
import SystemPackage
import Verity

/// Reads what the disk gives back of a file and hashes it, on two threads: while one waits for the disk, the other computes.
struct DiskReading: Sendable {
    private let first: DurableFile
    private let second: DurableFile

    /// Opens a file.
    ///
    /// - Throws: `PreallocationError`.
    init(_ path: FilePath) throws(PreallocationError) {
        first = try DurableFile(path)
        second = try DurableFile(path)
    }

    /// The digests of the blocks of a part, as a hash tree has them; fewer when the file has become shorter.
    ///
    /// - Throws: `PreallocationError` when the disk does not take or give it; `CryptographyError`.
    func digests(of part: Range<Int>, salt: [UInt8]) throws -> [UInt8] {
        try first.settle(part)
        let length = DurableFile.blockLength
        // Both go through the part in step, so that a disk with a head reads it in one go.
        var other = BackgroundWork { [second] in
            try Self.digests(second, part, from: part.lowerBound + length, salt)
        }
        let even = try Self.digests(first, part, from: part.lowerBound, salt)
        let odd = try other.value()
        var all: [UInt8] = []
        for (number, digests) in even.enumerated() {
            all += digests
            if number < odd.count { all += odd[number] }
        }
        return all
    }

    private static func digests(
        _ file: DurableFile, _ part: Range<Int>, from start: Int, _ salt: [UInt8]
    ) throws -> [[UInt8]] {
        var all: [[UInt8]] = []
        for offset in stride(from: start, to: part.upperBound, by: 2 * DurableFile.blockLength) {
            let count = min(DurableFile.blockLength, part.upperBound - offset)
            all.append(
                try file.withBytes(at: offset, count: count) { try HashTreeWriter.digests(of: $0, salt: salt) })
        }
        return all
    }

    /// The digest of the first bytes of a file.
    ///
    /// - Throws: as `digests`.
    static func digest(of path: FilePath, size: Int) throws -> Digest {
        let file = try DurableFile(path)
        try file.settle(0..<size)
        let hasher = Mutex(try SHA256Hasher())
        for offset in stride(from: 0, to: size, by: DurableFile.blockLength) {
            let count = min(DurableFile.blockLength, size - offset)
            try file.withBytes(at: offset, count: count) { (bytes) in try hasher.withLock { try $0.update(bytes) } }
        }
        return try hasher.withLock { try $0.finish() }
    }
}
