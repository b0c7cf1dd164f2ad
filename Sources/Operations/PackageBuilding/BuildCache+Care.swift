package import BuildPlanning
import ContainerBuilds
import Cryptography
package import ImageModel
package import LinuxSystem
import SystemPackage

/// A build that a cache knows.
package struct CachedBuild: Equatable, Sendable {
    /// Its key, hexadecimal digits.
    package var key: String
    /// What was built.
    package var record: BuildRecord
    /// When it was last used, in seconds since 1970.
    package var lastUse: Int64
    /// Whether all its layers are there.
    package var isWhole: Bool
}

extension BuildCache {
    /// All builds, those used last first.
    ///
    /// - Throws: `SystemError` when the cache cannot be read.
    package func builds() throws(SystemError) -> [CachedBuild] {
        var all: [CachedBuild] = []
        for name in try Folders.names(of: folder.appending("builds")) where name.hasSuffix(".json") {
            let path = folder.appending("builds/\(name)")
            guard let record = try record(at: path), let status = try FileStatus.of(path) else { continue }
            let key = String(name.dropLast(".json".count))
            all.append(
                CachedBuild(key: key, record: record, lastUse: status.modified, isWhole: try isWhole(record)))
        }
        return all.sorted { ($1.lastUse, $0.key) < ($0.lastUse, $1.key) }
    }

    /// All blobs, each used when a build that has it was.
    ///
    /// - Throws: as `builds`.
    package func blobs() throws(SystemError) -> [CachePruning.Blob] {
        var uses: [Digest: Int64] = [:]
        for build in try builds() {
            for layer in build.record.outputs.compactMap(\.layer) {
                uses[layer] = max(uses[layer] ?? 0, build.lastUse)
            }
        }
        var all: [CachePruning.Blob] = []
        for name in try Folders.names(of: folder.appending("blobs/sha256")) {
            guard let digest = Digest(hex: name), let status = try FileStatus.of(blob(digest)) else { continue }
            all.append(
                CachePruning.Blob(digest, size: status.size, lastUse: max(uses[digest] ?? 0, status.modified)))
        }
        return all
    }

    /// What buildah's stores take on the disk: bases, what is kept, and what a killed build has left.
    package var storeSize: FolderSize {
        BuildStore.Driver.allCases.reduce(FolderSize()) { $0 + FolderSize(of: BuildStore(in: folder, $1).folder) }
    }

    /// What builds keep in buildah's stores.
    private var keptImages: [KeptImages] { BuildStore.Driver.allCases.map { KeptImages(BuildStore(in: folder, $0)) } }

    /// Kept images as blobs; those of two stores are named by one key, and go together.
    private func keptBlobs() throws(SystemError) -> [CachePruning.Blob] {
        var all: [CachePruning.Blob] = []
        for images in keptImages {
            for image in try images.all() {
                guard let name = Digest(hex: image.key) else { continue }
                all.append(CachePruning.Blob(name, size: image.size, lastUse: image.lastUse))
            }
        }
        return all
    }

    /// Removes what was used longest ago, until blobs and kept images are not larger than a limit; only for who holds the lock.
    ///
    /// - Returns: what went, and what stays.
    /// - Throws: as `builds`.
    package func prune(to limit: Int64) throws(SystemError) -> CachePruning {
        let pruning = CachePruning(try blobs() + keptBlobs(), limit: limit)
        let removed = pruning.removed.map(\.digest)
        if !removed.isEmpty { try remove(removed) }
        // What gave no layer has no blob that says when its turn is.
        let last = pruning.removed.map(\.lastUse).max() ?? 0
        for build in try builds() where build.lastUse <= last && build.record.outputs.allSatisfy({ $0.layer == nil }) {
            try Folders.removeFile(folder.appending("builds/\(build.key).json"))
        }
        for images in keptImages {
            for name in removed { try images.forget(name.hex) }
            images.sweep()
        }
        return pruning
    }

    /// Reads all blobs, and removes those that are not what their names say; only for who holds the lock.
    ///
    /// - Returns: how many were read, and those that are gone.
    /// - Throws: as `builds`; `CryptographyError` when one cannot be read.
    package func verify() throws -> (count: Int, damaged: [Digest]) {
        var (count, damaged): (Int, [Digest]) = (0, [])
        for name in try Folders.names(of: folder.appending("blobs/sha256")).sorted() {
            guard let digest = Digest(hex: name) else { continue }
            let file = try OwnedDescriptor(opening: blob(digest), options: .noFollow)
            count += 1
            if try SHA256Hasher.digest(reading: file.descriptor).digest != digest { damaged.append(digest) }
        }
        if !damaged.isEmpty { try remove(damaged) }
        return (count, damaged)
    }

    /// Removes blobs, the records of builds that have them, and all bases: these would name blobs that are gone, and are made
    /// again in no time.
    private func remove(_ digests: [Digest]) throws(SystemError) {
        for name in try Folders.names(of: folder.appending("bases")) {
            try Folders.remove(folder.appending("bases/\(name)"), .tree)
        }
        // Those of kept images have no file.
        for digest in digests where try has(digest) { try Folders.removeFile(blob(digest)) }
        for build in try builds() where !build.isWhole {
            try Folders.removeFile(folder.appending("builds/\(build.key).json"))
        }
    }
}
