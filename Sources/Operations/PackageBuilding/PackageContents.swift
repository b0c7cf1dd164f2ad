import Cryptography
import ImageModel
import LinuxSystem
import SoftwareBills
import SystemPackage
import TreeFolders
import TreeModel

/// Says which packages of a distribution the packages of an image brought, by the lists of dpkg and apk in their layers.
///
/// A layer holds the whole list as it was after the package's steps: what was listed below it was somebody else's.
struct PackageContents {
    private static let folder = "software"
    private static let limit = 64 << 20

    private let cache: BuildCache

    /// Reads layers of a cache.
    init(_ cache: BuildCache) { self.cache = cache }

    /// What each of some packages brought, in their order; nil while a layer is not here.
    ///
    /// - Parameters:
    ///   - packages: the digests of their layers, each package behind what it was built on; nil for one without files.
    ///   - base: the layers of the image below; nil where it is not here.
    /// - Throws: `ArchiveError`, `SystemError` for layers that cannot be read.
    func names(of packages: [Digest?], on base: [Digest]?) throws -> [[String]]? {
        guard let base, try (packages.compactMap { $0 } + base).allSatisfy({ try cache.has($0) }) else { return nil }
        let lists = try packages.map { layer in try layer.map { try names(in: [$0]) } ?? [] }
        if lists.allSatisfy(\.isEmpty) { return lists }
        var seen = try Set(base.isEmpty ? [] : names(in: base))
        return lists.map { list in list.filter { seen.insert($0).inserted } }
    }

    /// What the lists in some layers name together, sorted; layers that were read once are not read again.
    private func names(in layers: [Digest]) throws -> [String] {
        let key = try SHA256Hasher.digest(of: Array(layers.map(\.hex).joined(separator: " ").utf8))
        let file = cache.folder.appending("\(Self.folder)/\(key.hex)")
        if let known = try FileBytes.readIfPresent(file, limit: Self.limit) {
            return String(decoding: known, as: UTF8.self).split(separator: "\n").map(String.init)
        }
        let names = try read(layers)
        try Folders.make(file.removingLastComponent())
        try AtomicFile.write(Array(names.map { "\($0)\n" }.joined().utf8), to: file)
        return names
    }

    private func read(_ layers: [Digest]) throws -> [String] {
        let work = try PrivateFolder(in: cache.folder.appending("work"), prefix: "software")
        let listing = try TreeReading.layers(
            layers.map(cache.blob), into: work.path, selecting: { Self.isList("\($0)") }
        ).reading.listing
        var inventory = SoftwareInventory()
        for entry in listing.entries where Self.isList("\(entry.path)") {
            guard case .regular(_, let digest) = entry.kind else { continue }
            let text = try FileBytes.read(work.path.appending(digest.hex), limit: Self.limit)
            inventory.begin("\(entry.path)")
            inventory.take(text.span)
            inventory.end()
        }
        return Set(inventory.findings.packages.map(\.name)).sorted()
    }

    /// Whether a path is that of a distribution's list; licences and boatyard's own list say nothing of what was brought.
    private static func isList(_ path: String) -> Bool {
        path.hasPrefix("var/lib/dpkg/") || path.contains("lib/apk/") ? SoftwareInventory.isWanted(path) : false
    }
}
