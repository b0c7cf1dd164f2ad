import Filesystems
import ImageModel
import LinuxSystem
import SystemPackage

/// Keeps on the disk what of a download is there, so that it goes on after any cut.
///
/// A record is written only when what it states is durable, so it may reach the disk at any time; those that a cut takes away
/// are found again by looking at the files (`StagedFile.recover`).
final class FetchJournal {
    /// The journal's name in a staging folder.
    static let name = "journal"
    /// Space taken at first, and by which it grows, in bytes.
    static let capacity = 64 << 10
    /// The largest journal that is read in bytes.
    static let limit = 64 << 20

    /// What the journal stated when it was opened; nil when there was none of this source.
    private(set) var recovered: [JournalRecord]?
    private var codec: JournalCodec
    private var file: PreallocatedFile
    private let path: FilePath

    /// Opens the journal of a staging folder, or begins one.
    ///
    /// - Parameter source: digest of the manifest that is fetched; a journal of another one is replaced.
    /// - Throws: `SystemError` or `PreallocationError` when it cannot be read or made.
    init(in folder: FilePath, source: Digest) throws {
        path = folder.appending(Self.name)
        let bytes = try FileBytes.readIfPresent(path, limit: Self.limit)
        if let bytes, let found = try JournalCodec.read(bytes, source: source) {
            file = try PreallocatedFile(path, size: max(bytes.count, Self.capacity))
            (codec, recovered) = found
        } else {
            file = try PreallocatedFile(path, size: Self.capacity)
            let (codec, header) = try JournalCodec.begin(source: source)
            self.codec = codec
            try file.write(header.span, at: 0)
        }
    }

    /// What was stated of one file.
    func records(of number: UInt8) -> [JournalRecord] { (recovered ?? []).filter { $0.file == number } }

    /// Adds records.
    ///
    /// - Parameter isDurable: whether they must be on the disk before this returns.
    func append(_ records: [JournalRecord], isDurable: Bool = true) throws {
        guard !records.isEmpty else { return }
        let place = codec.length
        var next = codec
        var bytes: [UInt8] = []
        for record in records { bytes += try next.append(record) }
        if place + bytes.count > file.size {
            file = try PreallocatedFile(path, size: place + bytes.count + Self.capacity)
        }
        try file.write(bytes.span, at: place)
        if isDurable { try file.flush() }
        codec = next
    }

    /// Removes the journal of a folder; one that is not there is no error.
    static func remove(from folder: FilePath) throws {
        let path = folder.appending(name)
        if try FileStatus.of(path, followingLinks: false) != nil { try Folders.removeFile(path) }
    }
}

/// Decides when bytes from the network are made durable.
///
/// A cut makes come twice what is not durable. On a slow link that is less than 1 MiB, with what is on its way; on a fast one
/// what comes in a quarter of a second, so that a flush for each MiB does not slow it down.
struct FlushPace {
    /// Fewer bytes are never worth a flush.
    static let least = 768 << 10
    /// More bytes are never left.
    static let most = 64 << 20
    /// Time between two flushes of a link that brings more than the least in it.
    static let interval = Duration.milliseconds(250)

    private var bytes = 0
    private var last: Duration

    /// Begins at a time of the monotonic clock.
    init(at now: Duration) { last = now }

    /// Whether what came is to be made durable now.
    func isDue(at now: Duration) -> Bool {
        bytes >= Self.most || bytes >= Self.least && now - last >= Self.interval
    }

    /// How many of the bytes that wait may be taken before asking again.
    func allowance(for count: Int) -> Int {
        min(count, max(1, (bytes < Self.least ? Self.least : Self.most) - bytes))
    }

    /// Notes bytes that were written.
    mutating func took(_ count: Int) { bytes += count }

    /// Notes that all is durable.
    mutating func flushed(at now: Duration) { (bytes, last) = (0, now) }
}
