package import BuildPlanning
package import ContainerBuilds
import Cryptography
package import ImageModel
package import LinuxSystem
package import PackageModel
package import SystemPackage

/// Keeps what builds made and what they were made of, in a folder of the user.
///
/// | in it | what |
/// |---|---|
/// | `blobs/sha256/` | layers, configurations and downloads by the SHA-256 of their bytes, as in an OCI layout |
/// | `builds/` | a record for each key of an artefact |
/// | `last/` | the newest record of each package, to say what differs |
/// | `bases/` | OCI layouts of bases, which share the blobs |
/// | `images/` | for each layer with an image, its files as the image is to have them; filled anew by every build |
/// | `software/` | which packages of a distribution layers list |
/// | `digests/` | what is known of files of layers, so that those that have not changed are not read again |
/// | `store-overlay/`, `store-vfs/` | what buildah keeps |
/// | `driver` | how layers of containers lay over each other in the last build |
/// | `logs/` | what the last build of each package printed |
/// | `work/` | what is under way |
/// | `lock`, `fetch.lock` | held by who builds, and by who fetches |
///
/// A blob gets its name when it is whole and on the disk, a record after the blobs that it names: a cut leaves files in
/// `work/` alone, which the next build removes.
package struct BuildCache: Sendable {
    private static let mode: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]

    /// The folder.
    package let folder: FilePath

    /// Opens the cache of a folder, and makes it where there is none.
    ///
    /// - Throws: `SystemError` when it cannot be made.
    package init(_ folder: FilePath) throws(SystemError) {
        self.folder = folder
        for name in ["blobs/sha256", "builds", "last", "bases", "digests", "logs", "work"] {
            try Folders.make(folder.appending(name))
        }
    }

    /// The folder that counts when nobody names one: `boatyard` in `XDG_CACHE_HOME`, else in `~/.cache` (XDG Base Directory
    /// Specification 0.8); nil when neither is known.
    package static func standardFolder(_ variable: (String) -> String? = ThisProcess.variable) -> FilePath? {
        if let cache = variable("XDG_CACHE_HOME"), cache.hasPrefix("/") { return FilePath(cache).appending("boatyard") }
        return variable("HOME").map { FilePath($0).appending(".cache/boatyard") }
    }

    /// Where a blob is, or would be.
    package func blob(_ digest: Digest) -> FilePath { folder.appending("blobs/sha256/\(digest.hex)") }

    /// Whether a blob is there.
    ///
    /// - Throws: `SystemError` when that cannot be found out.
    package func has(_ digest: Digest) throws(SystemError) -> Bool { try FileStatus.of(blob(digest)) != nil }

    /// Stores bytes.
    ///
    /// - Returns: their digest.
    /// - Throws: `SystemError`, `CryptographyError`.
    package func store(_ bytes: [UInt8]) throws -> Digest {
        let digest = try SHA256Hasher.digest(of: bytes)
        if try has(digest) { return digest }
        // A name of its own: others may store the same at this moment.
        let folder = try PrivateFolder(in: folder.appending("work"), prefix: "blob")
        let file = folder.path.appending("blob")
        try AtomicFile.write(bytes, to: file, permissions: Self.mode)
        try take(file, as: digest)
        return digest
    }

    /// Takes a finished file over, whose digest was checked; it must be on the cache's filesystem.
    ///
    /// - Throws: `SystemError`.
    package func take(_ file: FilePath, as digest: Digest) throws(SystemError) {
        try Folders.flushEntry(file)
        try Folders.rename(file, to: blob(digest))
        try Folders.flushEntry(folder.appending("blobs/sha256"))
    }

    /// The record of an artefact's key, when all that it names is there.
    ///
    /// - Parameter key: hexadecimal digits.
    /// - Returns: nil also for a record that cannot be read: the build is made again.
    /// - Throws: `SystemError` when the cache cannot be read.
    package func record(_ key: String) throws(SystemError) -> BuildRecord? {
        let path = folder.appending("builds/\(key).json")
        guard let record = try record(at: path), try isWhole(record) else { return nil }
        // Its time says when it was last used; a cache that nobody may write to is none that is pruned.
        try? DirectoryHandle(root: folder.appending("builds")).setModified(
            path.lastComponent ?? ".", WallClock.secondsSince1970)
        return record
    }

    /// Whether all layers that a record names are there.
    ///
    /// - Throws: `SystemError` when that cannot be found out.
    func isWhole(_ record: BuildRecord) throws(SystemError) -> Bool {
        for output in record.outputs where try !holds(output) { return false }
        return true
    }

    /// Whether the layer of a package is there; one without files has none.
    ///
    /// - Throws: `SystemError` when that cannot be found out.
    func holds(_ output: BuildOutput) throws(SystemError) -> Bool {
        guard let layer = output.layer else { return true }
        return try FileStatus.of(blob(layer))?.size == output.size
    }

    /// The newest record of a package, whatever its key.
    package func lastRecord(of name: PackageName) -> BuildRecord? { try? record(at: last(name)) }

    func record(at path: FilePath) throws(SystemError) -> BuildRecord? {
        guard let bytes = try FileBytes.readIfPresent(path, limit: BuildRecord.sizeLimit) else { return nil }
        return try? BuildRecord(parsing: bytes)
    }

    /// Keeps a record, whose blobs are there.
    ///
    /// - Throws: `SystemError`.
    package func keep(_ record: BuildRecord, key: String) throws(SystemError) {
        try AtomicFile.write(record.serialized(), to: folder.appending("builds/\(key).json"), permissions: Self.mode)
        guard let name = record.outputs.first?.name else { return }
        try AtomicFile.write(record.serialized(), to: last(name), permissions: Self.mode)
    }

    private func last(_ name: PackageName) -> FilePath { folder.appending("last/\(Self.fileName(name)).json") }

    /// The lock of who fetches something, in a build or without one.
    var fetchLock: FilePath { folder.appending("fetch.lock") }

    private var driverNote: FilePath { folder.appending("driver") }

    /// How layers of containers lay over each other in the last build; nil when there was none, or nobody knows.
    package var lastDriver: BuildStore.Driver? {
        let bytes = try? FileBytes.readIfPresent(driverNote, limit: 64)
        return bytes.flatMap { BuildStore.Driver(rawValue: String(decoding: $0, as: UTF8.self)) }
    }

    /// Notes how layers of containers lie over each other, so that nobody has to try it while nothing is to be built.
    ///
    /// - Throws: `SystemError`.
    package func note(_ driver: BuildStore.Driver) throws(SystemError) {
        guard driver != lastDriver else { return }
        try AtomicFile.write(Array(driver.rawValue.utf8), to: driverNote, permissions: Self.mode)
    }

    /// Where what the last build of a package printed is.
    package func log(of name: PackageName) -> FilePath { folder.appending("logs/\(Self.fileName(name)).log") }

    /// A name has no `_`.
    private static func fileName(_ name: PackageName) -> String { "\(name.category)_\(name.name)" }
}

/// Layers that builds need and no package is made of, kept as builds are.
extension BuildCache {
    /// A layer of this name and these inputs, from the cache or made now; builds that want one at a time make it once.
    ///
    /// - Throws: what `make` throws; `SystemError` when the cache cannot be read or written.
    func derived(
        _ name: String, _ inputs: BuildInputs, make: (_ name: PackageName) throws -> BuildOutput
    ) throws -> BuildOutput {
        let lock = try FileLock(folder.appending("work/derived.lock"))
        return try withExtendedLifetime(lock) {
            let key = try SHA256Hasher.digest(of: inputs.canonical).hex
            if let kept = try record(key)?.outputs.first { return kept }
            let output = try make(try PackageName(parsing: name))
            try keep(BuildRecord(name, build: inputs, artefact: inputs, outputs: [output]), key: key)
            return output
        }
    }
}
