package import Archives
import Cryptography
package import ImageModel
import LinuxSystem
package import PackageTrees
package import SystemPackage
package import TreeModel

/// What was found in a folder or in layers.
package struct TreeReading: Sendable {
    /// The files.
    package var listing: TreeListing
    /// What is worth a word and no error.
    package var notes: ArchiveNotes
    /// How many files were read to learn their digests.
    package var hashedCount: Int
}

extension TreeReading {
    /// Lists a folder, in constant memory beside the names; links are never followed.
    ///
    /// - Parameters:
    ///   - cache: knows digests of files that did not change, and learns those that were read; the caller saves it.
    ///   - progress: is told the bytes that were read so far; what it throws ends the reading.
    /// - Throws: `ArchiveError` when something cannot be read, or there is more than any system has; `TreeFoldersError`
    ///   for a file that changes meanwhile.
    package static func folder(
        _ path: FilePath, cache: inout DigestCache, progress: (Int) throws -> Void = { _ in }
    ) throws -> TreeReading {
        var source = try DirectorySource(path: path)
        var collector = TreeCollector()
        var hasher = try ContentHasher()
        while let entry = try source.next() {
            if try collector.take(entry) { continue }
            guard let stamp = source.stamp else { continue }
            if let digest = cache.digest(of: entry.path, stamp) {
                collector.take(entry, digest)
                continue
            }
            let digest = try hasher.digest(of: entry, in: &source, progress)
            guard try source.isUnchanged() else { throw TreeFoldersError.changed(entry.path) }
            cache.record(digest, of: entry.path, stamp)
            collector.take(entry, digest)
        }
        return TreeReading(listing: collector.listing, notes: source.notes, hashedCount: hasher.count)
    }

    /// Lists a folder without a cache.
    ///
    /// - Throws: as with one.
    package static func folder(
        _ path: FilePath, progress: (Int) throws -> Void = { _ in }
    ) throws -> TreeReading {
        var cache = DigestCache()
        return try folder(path, cache: &cache, progress: progress)
    }

    /// Lists what the layers of a container image come to, lowest first, tar plain, or with gzip or zstd.
    ///
    /// The layers are read twice. What they may cost is limited before anything of them is believed.
    ///
    /// - Parameter progress: is told the bytes that one of both passes has read so far; what it throws ends the
    ///   reading.
    /// - Returns: the files, and the digests of the uncompressed layers, which the image's configuration names as well.
    /// - Throws: `ArchiveError` when they are damaged, do not fit each other, or cost more than any system does.
    package static func layers(
        _ paths: [FilePath], progress: @escaping (Int) throws -> Void = { _ in }
    ) throws -> (reading: TreeReading, diffIDs: [Digest]) {
        try layers(paths, progress, keep: { _ in nil }, whiteout: { _ in })
    }

    /// Lists what the layers of a container image come to, and keeps contents for a layer that is to be written.
    ///
    /// - Parameters:
    ///   - spool: an empty folder of the caller's own, which gets a file for each content, named by its digest.
    ///   - selects: says whose content is kept. Further names of a file have that of its first name in the layers.
    ///   - progress: as without.
    /// - Throws: as without, and `SystemError` when a content cannot be written.
    package static func layers(
        _ paths: [FilePath], into spool: FilePath, selecting selects: (EntryPath) -> Bool,
        progress: @escaping (Int) throws -> Void = { _ in }
    ) throws -> (reading: TreeReading, diffIDs: [Digest]) {
        try layers(
            paths, progress,
            keep: { entry in
                ([entry.path] + (entry.furtherNames ?? [])).contains(where: selects) ? spool : nil
            }, whiteout: { _ in })
    }

    /// Reads the layer of a package for itself: what it carries, and what it takes away.
    ///
    /// - Parameter progress: as of `layers`.
    /// - Returns: the artefact, and the digest of the uncompressed layer, which its manifest names as well.
    /// - Throws: as `layers`; `TreeFoldersError` for a layer that hides all of a folder, as no package's does.
    package static func artefact(
        inLayer path: FilePath, progress: @escaping (Int) throws -> Void = { _ in }
    ) throws -> (artefact: Artefact, diffID: Digest) {
        try artefact(inLayer: path, progress, keep: { _ in nil })
    }

    /// Reads the layer of a package for itself, and keeps contents as `layers` does.
    ///
    /// - Throws: as without, and `SystemError` when a content cannot be written.
    package static func artefact(
        inLayer path: FilePath, into spool: FilePath, selecting selects: (EntryPath) -> Bool
    ) throws -> (artefact: Artefact, diffID: Digest) {
        try artefact(inLayer: path, { _ in }) { entry in
            ([entry.path] + (entry.furtherNames ?? [])).contains(where: selects) ? spool : nil
        }
    }

    private static func artefact(
        inLayer path: FilePath, _ progress: @escaping (Int) throws -> Void, keep: (ArchiveEntry) -> FilePath?
    ) throws -> (artefact: Artefact, diffID: Digest) {
        var (removed, opaque): ([EntryPath], EntryPath?) = ([], nil)
        let (reading, diffIDs) = try layers([path], progress, keep: keep) { name in
            let target = name.name.dropFirst(EntryPath.whiteoutPrefix.count)
            if target.starts(with: EntryPath.whiteoutPrefix) || target.isEmpty { opaque = name }
            removed.append((name.parent ?? .root).appending(target))
        }
        guard opaque == nil, let diffID = diffIDs.first else {
            throw TreeFoldersError.layer(path, "it has \(opaque?.absolute ?? "no content")")
        }
        return (Artefact(reading.listing, removed: removed), diffID)
    }

    private static func layers(
        _ paths: [FilePath], _ progress: @escaping (Int) throws -> Void, keep: (ArchiveEntry) -> FilePath?,
        whiteout: (EntryPath) -> Void
    ) throws -> (reading: TreeReading, diffIDs: [Digest]) {
        let digests = try LayerDigests(progress: progress)
        var source: LayeredSource
        do throws(ArchiveError) {
            source = try LayeredSource(layers: paths, observer: digests.take, whiteout: whiteout)
        } catch { throw digests.error ?? error }
        let diffIDs = try digests.finish(paths.count)
        var collector = TreeCollector()
        var hasher = try ContentHasher()
        while let entry = try source.next() {
            if try collector.take(entry) { continue }
            collector.take(entry, try hasher.digest(of: entry, in: &source, spool: keep(entry), progress))
        }
        let reading = TreeReading(listing: collector.listing, notes: source.notes, hashedCount: hasher.count)
        return (reading, diffIDs)
    }
}

/// Reads the content of entries.
private struct ContentHasher: ~Copyable {
    private var hasher: SHA256Hasher
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var done = 0
    /// How many files were read.
    private(set) var count = 0

    init() throws { hasher = try SHA256Hasher() }

    /// The digest of the content of the current entry.
    ///
    /// - Parameter folder: where the content is kept; nil keeps none.
    mutating func digest<Source: EntrySource & ~Copyable>(
        of entry: ArchiveEntry, in source: inout Source, spool folder: FilePath? = nil,
        _ progress: (Int) throws -> Void
    ) throws -> Digest {
        var spool = folder.map { ContentSpool($0) }
        try spool?.begin()
        var (left, buffer) = (entry.contentSize, [UInt8]())
        // A span of the stored one would keep all of this borrowed.
        swap(&buffer, &self.buffer)
        defer { swap(&buffer, &self.buffer) }
        while case let length = try source.read(into: &buffer), length > 0 {
            try hasher.update(buffer.span.extracting(0..<length))
            try spool?.write(buffer.span.extracting(0..<length))
            left -= Int64(length)
            done += length
            try progress(done)
        }
        guard left == 0 else { throw TreeFoldersError.changed(entry.path) }
        count += 1
        let digest = try hasher.finish()
        try spool?.end(digest)
        return digest
    }
}
