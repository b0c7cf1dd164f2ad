import Cryptography
import ImageAssembly
import ImageModel
import LinuxSystem
import SoftwareBills
import SystemPackage

/// Looks for what is installed while a root filesystem is packed, and lists its files where that is asked for.
final class RootInventory: RootObserver {
    private var software = SoftwareInventory()
    private var files: FileList?
    private var path = ""

    /// Begins.
    ///
    /// - Parameter staging: where lines of files go until they are needed; nil lists no files.
    init(listingFilesIn staging: FilePath?) throws { files = try staging.map { try FileList(in: $0) } }

    func begin(_ path: String, hasFurtherNames: Bool) throws {
        software.begin(path)
        files?.begin(path, hasFurtherNames: hasFurtherNames)
    }

    func take(_ bytes: Span<UInt8>) throws {
        software.take(bytes)
        try files?.take(bytes)
    }

    func end() throws {
        software.end()
        try files?.end()
    }

    func symbolicLink(_ path: String, to target: String) throws { software.link(path, to: target) }

    func hardLink(_ path: String, to first: String) throws {
        software.link(path, to: first)
        try files?.add(path, sameAs: first)
    }

    /// What was found.
    var findings: (packages: [InstalledSoftware], notes: [String]) { software.findings }

    /// Writes a bill to a file and returns its digest; the lines of files are gone then.
    func write(_ bill: SoftwareBill, to path: FilePath) throws -> Digest {
        let list = try files?.finish()
        let document = SPDXDocument(bill, files: list?.files)
        var output = try StagedOutput(path)
        for part in SPDXDocument.Part.allCases {
            try document.write(part) { try output.append($0) }
            switch (part, list) {
            case (.packages, let list?): try output.append(contentOf: list.entries)
            case (.relationships, let list?): try output.append(contentOf: list.relations)
            case (.end, _), (_, nil): break
            }
        }
        for path in [list?.entries, list?.relations].compactMap({ $0 }) { try Folders.removeFile(path) }
        return try output.finish()
    }
}

/// Collects the lines of files of a bill in two files, because together they may be longer than memory.
struct FileList: ~Copyable {
    /// What the document needs.
    struct Finished {
        var files: BillOfFiles
        var entries: FilePath
        var relations: FilePath
    }

    private let paths: (entries: FilePath, relations: FilePath)
    private var entries: StagedOutput
    private var relations: StagedOutput
    private var sha1: SHA1Hasher
    private var sha256: SHA256Hasher
    private var current: (path: String, hasFurtherNames: Bool)?
    private var sums: [[UInt8]] = []
    private var shared: [String: (sha1: [UInt8], sha256: Digest)] = [:]

    init(in staging: FilePath) throws {
        let entries = try StagedOutput(staging.appending("files.lines"))
        let relations = try StagedOutput(staging.appending("relations.lines"))
        let sha1 = try SHA1Hasher()
        let sha256 = try SHA256Hasher()
        paths = (staging.appending("files.lines"), staging.appending("relations.lines"))
        self.entries = entries
        self.relations = relations
        self.sha1 = sha1
        self.sha256 = sha256
    }

    mutating func begin(_ path: String, hasFurtherNames: Bool) { current = (path, hasFurtherNames) }

    mutating func take(_ bytes: Span<UInt8>) throws {
        try sha1.update(bytes)
        try sha256.update(bytes)
    }

    mutating func end() throws {
        let sums = (sha1: try sha1.finish(), sha256: try sha256.finish())
        guard let current else { return }
        if current.hasFurtherNames { shared[current.path] = sums }
        try add(current.path, sums.sha1, sums.sha256)
    }

    /// Adds a further name of a file.
    mutating func add(_ path: String, sameAs first: String) throws {
        guard let sums = shared[first] else { return }
        shared[path] = sums
        try add(path, sums.sha1, sums.sha256)
    }

    private mutating func add(_ path: String, _ sha1: [UInt8], _ sha256: Digest) throws {
        let entry = BillOfFiles.Entry(
            path, sha1: Hexadecimal.text(of: sha1), sha256: sha256, name: try SHA256Hasher.digest(of: Array(path.utf8)))
        let separator = sums.isEmpty ? [] : Array(",\n".utf8)
        try entries.append(separator + entry.line)
        try relations.append(separator + entry.relation)
        sums.append(sha1)
    }

    /// Ends both files.
    mutating func finish() throws -> Finished {
        sums.sort { $0.lexicographicallyPrecedes($1) }
        for sum in sums { try sha1.update(Array(Hexadecimal.text(of: sum).utf8).span) }
        let code = Hexadecimal.text(of: try sha1.finish())
        _ = try entries.finish()
        _ = try relations.finish()
        return Finished(
            files: BillOfFiles(verificationCode: code), entries: paths.entries, relations: paths.relations)
    }
}
