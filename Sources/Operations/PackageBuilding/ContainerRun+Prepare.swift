import BuildPlanning
import ContainerBuilds
import Cryptography
import ImageModel
import LinuxSystem
import PackageSpecs
import SystemPackage
import TreeFolders
import TreeModel

// What runs before the steps, and is kept by a key of its own, and what is there then.
extension ContainerRun {
    /// The image that `prepare` leaves of the base: one that is kept, or made now.
    ///
    /// - Parameters:
    ///   - volumes: what the commands find of this machine.
    ///   - base: the image in which they run; not asked for when what they leave is there.
    /// - Returns: nil when there are no such commands.
    /// - Throws: as `ContainerMaker.make`.
    func prepared(
        _ volumes: [String], _ output: borrowing LogFile, on base: () throws -> String
    ) throws -> String? {
        guard let inputs = BuildInputs(preparing: order.package, in: order.surroundings) else { return nil }
        let key = try SHA256Hasher.digest(of: inputs.canonical).hex
        // Another package may be prepared in the same way at this moment.
        let lock = try FileLock(maker.cache.folder.appending("work/prepare-\(key).lock"))
        return try withExtendedLifetime(lock) {
            let image = KeptImages.name(key)
            if try maker.kept.has(key), buildah.hasImage(image) {
                try output.write("prepared already: \(key)\n")
                return image
            }
            try maker.kept.forget(key)
            var container = try container(from: base(), volumes)
            try run(build.prepare, in: &container, output)
            try maker.kept.keep(container, as: key)
            container.end()
            return image
        }
    }

    /// Lists what an image comes to.
    func list(image: String) throws -> (TreeListing, DigestCache) {
        guard image != "scratch" else { return (.empty, DigestCache()) }
        let container = try container(from: image, [])
        let listed = try Self.list(container.mount())
        container.end()
        return listed
    }

    /// Lists a container, and learns what is in it for the next time.
    static func list(_ root: FilePath) throws -> (TreeListing, DigestCache) {
        var digests = DigestCache(learningSince: WallClock.secondsSince1970, isMounted: true)
        return (try TreeReading.folder(root, cache: &digests).listing, digests)
    }
}
