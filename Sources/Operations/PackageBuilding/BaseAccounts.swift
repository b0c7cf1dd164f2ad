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

/// Gives a base the accounts of the layer's file: a small layer on top of it, kept in the cache beside other builds.
struct BaseAccounts {
    private let cache: BuildCache
    private let accounts: [String: UInt32]
    private let epoch: Int64
    /// What the builds of such layers are called in the cache.
    private static let name = "boatyard/accounts"

    /// Takes the accounts of a build, with the time that its steps see.
    init(_ surroundings: BuildSurroundings, _ cache: BuildCache) {
        self.cache = cache
        accounts = surroundings.accounts
        epoch = surroundings.epoch
    }

    /// Lays them on a base; one that has them all, or no files of accounts, stays as it is.
    ///
    /// - Throws: `PackageTreesError` when an account cannot have its number there; `ArchiveError`, `TreeFoldersError` and
    ///   `SystemError` for layers that cannot be read or written.
    func add(to base: inout BaseComposition) throws {
        guard !accounts.isEmpty, !base.layers.isEmpty else { return }
        base.add(try cache.derived(Self.name, inputs(base)) { try make(on: base, $0) })
    }

    private func inputs(_ base: BaseComposition) -> BuildInputs {
        var inputs = BuildInputs()
        inputs.add("accounts of a base", "1")
        inputs.add("time", String(epoch))
        for (place, content) in base.contents.enumerated() { inputs.add("layer \(place + 1)", content.registryText) }
        for account in accounts.sorted(by: { $0.key < $1.key }) {
            inputs.add("account \(account.key)", String(account.value))
        }
        return inputs
    }

    private func make(on base: BaseComposition, _ name: PackageName) throws -> BuildOutput {
        let work = try PrivateFolder(in: cache.folder.appending("work"), prefix: "accounts")
        let files = Dictionary(uniqueKeysWithValues: AccountText.allCases.map { ($0.path, $0) })
        let reading = try TreeReading.layers(
            base.layers.map { cache.blob($0.digest) }, into: work.path, selecting: { files[$0] != nil }
        ).reading
        var texts: AccountTexts = [:]
        for (path, file) in files {
            guard case .regular(_, let digest)? = reading.listing[path]?.kind else { continue }
            texts[file] = try FileBytes.read(work.path.appending(digest.hex), limit: Self.limit)
        }
        let changes = try FixedAccounts(accounts, epoch: epoch).changes(to: texts)
        guard !changes.isEmpty else { return BuildOutput(name) }
        return try write(changes, over: reading.listing, in: work.path, name)
    }

    /// The largest file of accounts that is read, in bytes.
    private static let limit = 16 << 20

    /// Files keep owner, mode and attributes.
    private func write(
        _ changes: AccountTexts, over listing: TreeListing, in work: FilePath, _ name: PackageName
    ) throws -> BuildOutput {
        var entries = listing.entries.filter { $0.path == EntryPath(joined: Array("etc".utf8)) }
        var contents: [EntryPath: [UInt8]] = [:]
        for (file, bytes) in changes {
            guard var entry = listing[file.path] else { continue }
            entry.kind = .regular(size: Int64(bytes.count), digest: try SHA256Hasher.digest(of: bytes))
            entry.firstName = nil
            entries.append(entry)
            contents[file.path] = bytes
        }
        let place = work.appending("layer")
        let layer = try LayerWriter.write(
            Artefact(TreeListing(entries)), from: .digests(work), contents: contents, to: place, epoch: epoch)
        try cache.take(place, as: layer.digest)
        return BuildOutput(
            name, layer: layer.digest, content: layer.diffID, size: layer.size, installedSize: layer.installedSize)
    }
}
