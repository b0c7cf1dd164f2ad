import ImageModel
import LinuxSystem
package import PackageSpecs
import RegistryModel

/// Finds out what the files of a layer use from outside, and notes it by digest.
package struct LockMaker: Sendable {
    private let cache: BuildCache
    let images: BaseImages
    let repositories: LayerRepositories

    /// Names that are looked at again although they are noted: references of images and repositories, layers, addresses.
    package var updated: Set<String> = []
    /// Whether everything is looked at again.
    package var updatesAll = false

    /// Prepares to look.
    package init(_ cache: BuildCache, _ images: BaseImages, _ repositories: LayerRepositories) {
        self.cache = cache
        self.images = images
        self.repositories = repositories
    }

    /// Completes a lock, and leaves out what nothing uses.
    ///
    /// - Returns: the new lock, and what changed, a line each.
    /// - Throws: the errors of sources, `HTTPError`, `PackageBuildError` for a download that is not what its file says;
    ///   those of repositories, and `SolverError` for packages that cannot be had together.
    package func lock(_ specs: LayerSpecs, from old: LockFile) throws -> (lock: LockFile, changes: [String]) {
        var lock = old
        (lock.images, lock.fetches) = ([:], [:])
        var changes: [String] = []
        for image in specs.images {
            let name = "\(image.value)"
            guard lock.images[name] == nil else { continue }
            let kept = isKept(name) ? old.images[name] : nil
            let digest = try kept ?? images.resolve(image.value)
            lock.images[name] = digest
            if digest != old.images[name] { changes.append("\(name) is \(digest.registryText)") }
        }
        for fetch in specs.packages.flatMap({ $0.build?.fetches ?? [] }) where lock.fetches[fetch.url] == nil {
            let kept = isKept(fetch.url) ? old.fetches[fetch.url] : nil
            // What the file says counts more than what the lock had.
            let entry = try kept.flatMap { [nil, $0.digest].contains(fetch.digest) ? $0 : nil } ?? look(fetch)
            lock.fetches[fetch.url] = entry
            if entry != old.fetches[fetch.url] { changes.append("\(fetch.url) is \(entry.digest.registryText)") }
        }
        changes += try lockBase(specs, from: old, in: &lock)
        changes += try lockPackages(specs, from: old, in: &lock)
        lock.environment = Set(specs.environmentUses.map(\.name))
        return (lock, changes)
    }

    func isKept(_ name: String) -> Bool { !updatesAll && !updated.contains(name) }

    private func look(_ fetch: BuildFetch) throws -> LockedFetch {
        let digest = try Downloads(cache, isOffline: images.isOffline).get(fetch, expecting: fetch.digest)
        return LockedFetch(digest: digest, size: try FileStatus.of(cache.blob(digest))?.size ?? 0)
    }
}
