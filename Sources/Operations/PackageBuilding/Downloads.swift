import Cryptography
import HTTPTransfer
import ImageModel
import LinuxSystem
import PackageSpecs
import SystemPackage

/// Brings downloads into the cache, each checked against its digest.
struct Downloads {
    private static let patience = Duration.seconds(3600)
    /// The longest download, in bytes.
    private static let longest = 64 << 30

    private let cache: BuildCache
    private let isOffline: Bool

    /// Downloads into a cache.
    init(_ cache: BuildCache, isOffline: Bool) {
        self.cache = cache
        self.isOffline = isOffline
    }

    /// Gets a file, unless it is there.
    ///
    /// - Parameter expected: nil takes what comes.
    /// - Returns: its digest.
    /// - Throws: `PackageBuildError` when it has another one, or nobody may be asked; `HTTPError`, `SystemError`.
    func get(_ fetch: BuildFetch, expecting expected: Digest?) throws -> Digest {
        if let expected, try cache.has(expected) { return expected }
        guard !isOffline else { throw PackageBuildError.offlineDownload(fetch) }
        let lock = try FileLock(cache.fetchLock)
        defer { withExtendedLifetime(lock) {} }
        // Another one may have fetched it meanwhile.
        if let expected, try cache.has(expected) { return expected }
        let folder = try PrivateFolder(in: cache.folder.appending("work"), prefix: "download")
        let file = folder.path.appending("file")
        let digest = try receive(fetch, to: file)
        if let expected, digest != expected { throw PackageBuildError.otherDownload(fetch, digest, expected) }
        try cache.take(file, as: digest)
        return digest
    }

    /// Writes what the address gives.
    ///
    /// - Returns: its digest.
    private func receive(_ fetch: BuildFetch, to path: FilePath) throws -> Digest {
        let folder = try DirectoryHandle(root: path.removingLastComponent())
        let file = try PendingFile(path.lastComponent ?? "file", in: folder, mode: 0o644, owner: ThisProcess.owner)
        var request = HTTPRequest(.get, try HTTPAddress(fetch.url))
        request.longestBody = Self.longest
        var hasher = try SHA256Hasher()
        try HTTPFetch().stream(
            request, until: .after(Self.patience),
            begin: {
                try file.restart()
                hasher = try SHA256Hasher()
            },
            { _, bytes in
                try file.write(bytes.span)
                try hasher.update(bytes)
            })
        try file.commit()
        return try hasher.finish()
    }
}
