// A folder of a package is hashed before every build, and most of its files have not changed since the last one.
import Cryptography
package import ImageModel
package import LinuxSystem
package import SystemPackage
package import TreeModel

/// Knows the digests of files of one folder by what the kernel tells of them.
///
/// A file counts as unchanged when nothing of its stamp has changed, and when it was not changed within the time that
/// the stamp cannot tell apart before it was read: a file that is written again in that time may look the same.
package struct DigestCache: Sendable {
    /// The time in seconds within which two changes may have one stamp: FAT counts two seconds at once.
    static let granularity: Int64 = 2

    private struct Record: Sendable {
        var stamp: FileStamp
        var digest: Digest
        var isUsed = false
    }

    private let file: FilePath?
    private let isLearning: Bool
    private let hasDevices: Bool
    private let begin: Int64
    private var records: [EntryPath: Record] = [:]
    private var isChanged = false

    /// Begins without a file: nothing is known, and nothing is kept.
    package init() {
        file = nil
        isLearning = false
        hasDevices = true
        begin = 0
    }

    /// Begins without a file, for a folder that is listed more than once.
    ///
    /// - Parameters:
    ///   - now: the time in seconds since 1970, before anything of it is read.
    ///   - isMounted: whether it may be seen through several mounts, as containers of one image are: files of one
    ///     filesystem are the same whatever device a mount says.
    package init(learningSince now: Int64, isMounted: Bool = false) {
        file = nil
        isLearning = true
        hasDevices = !isMounted
        begin = now
    }

    /// Reads what is known of a folder; nothing, when the file is missing or damaged.
    ///
    /// - Parameters:
    ///   - folder: where the files of all caches lie; made when something is saved.
    ///   - root: the folder whose files are known, as an absolute path.
    ///   - now: the time in seconds since 1970, before anything of it is read.
    /// - Throws: `CryptographyError` without memory.
    package init(in folder: FilePath, of root: FilePath, now: Int64 = WallClock.secondsSince1970) throws {
        let name = try SHA256Hasher.digest(of: Array(root.lexicallyNormalized().string.utf8)).hex
        file = folder.appending("\(name.prefix(32)).digests")
        isLearning = true
        hasDevices = true
        begin = now
        guard let file, let bytes = try? FileBytes.readIfPresent(file, limit: DigestCacheFile.sizeLimit),
            let found = try DigestCacheFile.read(bytes)
        else { return }
        for record in found { records[record.path] = Record(stamp: record.stamp, digest: record.digest) }
    }

    /// The digest of a file that is as it was; nil when it has to be read.
    package mutating func digest(of path: EntryPath, _ stamp: FileStamp) -> Digest? {
        guard let record = records[path], record.stamp == known(stamp) else { return nil }
        records[path]?.isUsed = true
        return record.digest
    }

    /// Keeps the digest of a file that was read after the cache was opened.
    ///
    /// One that changed just before, or that claims to have changed later, is read again the next time.
    package mutating func record(_ digest: Digest, of path: EntryPath, _ stamp: FileStamp) {
        guard isLearning else { return }
        let isSettled = max(stamp.modified, stamp.changed) / 1_000_000_000 < begin - Self.granularity
        if isSettled {
            records[path] = Record(stamp: known(stamp), digest: digest, isUsed: true)
            isChanged = true
        } else if records.removeValue(forKey: path) != nil {
            isChanged = true
        }
    }

    private func known(_ stamp: FileStamp) -> FileStamp {
        var stamp = stamp
        if !hasDevices { stamp.device = 0 }
        return stamp
    }

    /// Replaces the file, so that a cut leaves the old or the new one; files that were not asked for are forgotten.
    ///
    /// - Throws: `SystemError` when it cannot be written; `CryptographyError` without memory.
    package func save() throws {
        let used = records.filter(\.value.isUsed)
        guard let file, isChanged || used.count < records.count else { return }
        let sorted = used.sorted { $0.key < $1.key }
        let bytes = try DigestCacheFile.bytes(of: sorted.map { ($0.key, $0.value.stamp, $0.value.digest) })
        guard bytes.count <= DigestCacheFile.sizeLimit else { return }
        try Folders.make(file.removingLastComponent())
        try AtomicFile.write(bytes, to: file, permissions: .ownerReadWrite)
    }
}

/// Writes digests of files to a file: a line that names the form, records by path, a digest of all that.
enum DigestCacheFile {
    /// The largest file; a million files need some 150 MB.
    static let sizeLimit = 256 << 20
    private static let head = Array("lifeboot digests 1\n".utf8)

    /// Writes records.
    static func bytes(of records: [(path: EntryPath, stamp: FileStamp, digest: Digest)]) throws -> [UInt8] {
        var bytes = head
        for (path, stamp, digest) in records {
            append(UInt64(path.bytes.count), to: &bytes, length: 2)
            bytes += path.bytes
            append(stamp.device, to: &bytes)
            append(stamp.inode, to: &bytes)
            for value in [stamp.size, stamp.modified, stamp.changed] {
                append(UInt64(bitPattern: value), to: &bytes)
            }
            bytes += digest.bytes
        }
        return bytes + (try SHA256Hasher.digest(of: bytes).bytes)
    }

    /// Reads records; nil when the bytes are no such file, or not all of one.
    static func read(_ bytes: [UInt8]) throws -> [(path: EntryPath, stamp: FileStamp, digest: Digest)]? {
        guard bytes.count >= head.count + Digest.length, bytes.starts(with: head) else { return nil }
        let end = bytes.count - Digest.length
        let sum = try SHA256Hasher.digest(of: Array(bytes[..<end]))
        guard sum.bytes.elementsEqual(bytes[end...]) else { return nil }
        var records: [(path: EntryPath, stamp: FileStamp, digest: Digest)] = []
        var place = head.count
        while place < end {
            guard let length = number(bytes, &place, end, length: 2), let count = Int(exactly: length),
                place + count <= end
            else { return nil }
            let path = EntryPath(joined: Array(bytes[place..<(place + count)]))
            place += count
            guard let device = number(bytes, &place, end), let inode = number(bytes, &place, end),
                let size = number(bytes, &place, end), let modified = number(bytes, &place, end),
                let changed = number(bytes, &place, end), place + Digest.length <= end,
                let digest = Digest(bytes: Array(bytes[place..<(place + Digest.length)]))
            else { return nil }
            place += Digest.length
            let stamp = FileStamp(
                device: device, inode: inode, size: Int64(bitPattern: size), modified: Int64(bitPattern: modified),
                changed: Int64(bitPattern: changed))
            records.append((path, stamp, digest))
        }
        return records
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8], length: Int = 8) {
        for shift in 0..<length { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
    }

    private static func number(_ bytes: [UInt8], _ place: inout Int, _ end: Int, length: Int = 8) -> UInt64? {
        guard place + length <= end else { return nil }
        var value: UInt64 = 0
        for shift in 0..<length { value |= UInt64(bytes[place + shift]) << (8 * shift) }
        place += length
        return value
    }
}
