import BuildPlanning
import Cryptography
import ImageModel
import LinuxSystem
import PackageModel
import PackageTrees
import RegistryModel
import SystemPackage
import TreeFolders
import TreeModel

/// Lays packages on a base as one tree: what several of them share is merged in a small layer on top of them.
///
/// A package that was built on all that lies below it says by itself what the tree becomes; only for others something has
/// to be read and merged.
struct BaseJoin {
    /// What the builds of such layers are called in the cache.
    private static let name = "boatyard/join"

    private let cache: BuildCache
    private let epoch: Int64

    /// Takes the time that layers say, in seconds since 1970.
    init(_ cache: BuildCache, epoch: Int64) {
        self.cache = cache
        self.epoch = epoch
    }

    /// Lays packages on an image, lowest first, each on what it needs.
    ///
    /// - Throws: `PackageTreesError` when two of them cannot be in one tree; `ArchiveError`, `TreeFoldersError` and
    ///   `SystemError` for layers that cannot be read or written.
    func composition(_ image: BaseImage?, _ parts: [BasePart]) throws -> BaseComposition {
        var composition = BaseComposition(image)
        let parts = parts.filter { $0.output.layer != nil }
        let count = Self.joined(parts, on: image?.manifest)
        for part in parts[..<count] { composition.add(part.output) }
        if count > 0 {
            composition.add(
                try cache.derived(Self.name, inputs(image, composition, parts[..<count])) { name in
                    try make(image, Array(parts[..<count]), name)
                })
        }
        for part in parts[count...] { composition.add(part.output) }
        return composition
    }

    /// How many of the packages, from the lowest on, have to be joined: up to the last that was built on something else.
    ///
    /// - Parameter image: the digest of the manifest of what they lie on.
    static func joined(_ parts: [BasePart], on image: Digest?) -> Int {
        var below: Set<String> = image.map { [$0.registryText] } ?? []
        var count = 0
        for (place, part) in parts.enumerated() {
            if !below.isSubset(of: part.builtOn) { count = place + 1 }
            below.insert("\(part.output.name)")
        }
        return count
    }

    /// What besides their contents says how packages are joined, by their names: nothing where each lies as it is.
    ///
    /// - Parameter having: the names of the packages that the image has.
    static func words(
        _ parts: [BasePart], on image: Digest?, having packages: [PackageName] = []
    ) -> [PackageName: [String]] {
        let parts = parts.filter { $0.output.layer != nil }
        let joined = parts.prefix(Self.joined(parts, on: image))
        let names = Set((joined.map(\.output.name) + packages).map(\.description))
            .union(image.map { [$0.registryText] } ?? [])
        let words = joined.map { part in
            (part.output.name, part.overrides + ["built on"] + part.builtOn.intersection(names).sorted())
        }
        return Dictionary(words) { first, _ in first }
    }

    private func inputs(
        _ image: BaseImage?, _ composition: BaseComposition, _ parts: ArraySlice<BasePart>
    ) -> BuildInputs {
        var inputs = BuildInputs()
        inputs.add("join of packages", "1")
        inputs.add("time", String(epoch))
        for package in image?.packages.packages ?? [] {
            inputs.add("in the image \(package.name)", package.digest?.registryText ?? "")
        }
        for (place, content) in composition.contents.enumerated() {
            inputs.add("layer \(place + 1)", content.registryText)
        }
        for part in parts {
            inputs.add("overrides of \(part.output.name)", part.overrides.joined(separator: "\n"))
            inputs.add("below \(part.output.name)", part.builtOn.sorted().joined(separator: "\n"))
        }
        return inputs
    }

    private func make(_ image: BaseImage?, _ parts: [BasePart], _ name: PackageName) throws -> BuildOutput {
        let work = try PrivateFolder(in: cache.folder.appending("work"), prefix: "join")
        let trees = try JoinedTrees(image, parts, cache, spool: work.path)
        let join = try PackageJoin(on: trees.base, trees.packages)
        let state = try MergedState(of: join, on: trees.base, trees.packages, read: trees.content)
        let correction = try JoinCorrection(of: join, on: trees.base, trees.packages, state) {
            try SHA256Hasher.digest(of: $0)
        }
        guard correction.artefact != Artefact(.empty) else { return BuildOutput(name) }
        try trees.fetch(correction.origins)
        let file = work.path.appending("layer")
        let layer = try LayerWriter.write(
            correction.artefact, from: .digests(work.path), contents: correction.contents, to: file, epoch: epoch)
        try cache.take(file, as: layer.digest)
        return BuildOutput(
            name, layer: layer.digest, content: layer.diffID, size: layer.size, installedSize: layer.installedSize)
    }
}
