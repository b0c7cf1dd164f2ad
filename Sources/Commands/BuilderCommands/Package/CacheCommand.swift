import ArgumentParser
import BuildPlanning
import CommandOutput
import ImageModel
import ImagePlanning
import JSONText
import LinuxSystem
import PackageBuilding
import SystemPackage

/// Groups what concerns the cache of builds: `boatyard cache`.
struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache", abstract: "Look at what builds have left in the cache, and keep it small.",
        subcommands: [CacheListCommand.self, CachePruneCommand.self, CacheVerifyCommand.self])
}

/// Names the cache of builds.
struct CacheOptions: ParsableArguments {
    @Option(
        name: .customLong("cache-dir"),
        help: ArgumentHelp("Where builds are kept (default: boatyard in ~/.cache).", valueName: "dir"),
        completion: .directory)
    var cacheFolder: String?

    /// The folder, from the root on: programs that are started elsewhere have to find it.
    ///
    /// - Throws: `ValidationError` when there is no place for a cache.
    func folder() throws -> FilePath {
        guard let cache = cacheFolder.map({ FilePath($0) }) ?? BuildCache.standardFolder() else {
            throw ValidationError("neither XDG_CACHE_HOME nor HOME is set; name a folder with --cache-dir")
        }
        return try ThisProcess.folder.pushing(cache).lexicallyNormalized()
    }
}

/// Lists the builds of the cache: `boatyard cache list`.
struct CacheListCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the builds in the cache, those used last first.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Adds up what lies in the cache, with what buildah keeps below it.
        """,
        statuses: [
            0: "listed",
            2: "the cache cannot be read",
        ],
        examples: [
            "See what the cache holds":
                "boatyard cache list"
        ])

    @OptionGroup(title: "Which cache")
    var cache: CacheOptions
    @Flag(help: "Print JSON.")
    var json = false

    func perform(_ output: Output) throws {
        let cache = try BuildCache(self.cache.folder())
        let builds = try cache.builds()
        let size = try cache.blobs().reduce(0) { $0 + $1.size }
        let stores = cache.storeSize
        let kept = "\(stores.isWhole ? "" : "at least ")\(stores.bytes) bytes of what buildah keeps"
        var table = TextTable(["package", "key", "bytes", "layers"])
        for build in builds {
            let bytes = build.record.outputs.reduce(0) { $0 + $1.size }
            table.add([
                build.record.identity, String(build.key.prefix(12)), "\(bytes)", build.isWhole ? "there" : "gone",
            ])
        }
        output.show(
            [
                "builds": .array(builds.map(\.json)), "size": .integer(size + stores.bytes),
                "stores": .integer(stores.bytes),
            ],
            lines: table.lines + ["\(builds.count) builds; \(size) bytes of layers, images and downloads, and \(kept)"])
    }
}

extension CachedBuild {
    fileprivate var json: JSONValue {
        [
            "package": .string(record.identity), "key": .string(key), "used": .integer(lastUse),
            "whole": .bool(isWhole), "size": .integer(record.outputs.reduce(0) { $0 + $1.size }),
        ]
    }
}

/// Makes the cache smaller: `boatyard cache prune`.
struct CachePruneCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove what was used longest ago, until the cache is small enough.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Counts layers, images, downloads, and what builds have prepared or keep for others. While a build runs \
        nothing is removed. What is gone is built or fetched again when it is needed; what buildah has besides \
        goes in any case.
        """,
        statuses: [
            0: "it is small enough",
            2: "something could not be done",
        ],
        examples: [
            "Keep it below a size":
                "boatyard cache prune --size 20G"
        ])

    @Option(help: ArgumentHelp("Bytes that may stay, with K, M, G or T.", valueName: "size"))
    var size: ByteCount
    @OptionGroup(title: "Which cache")
    var cache: CacheOptions
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func perform(_ output: Output) throws {
        let cache = try BuildCache(self.cache.folder())
        let lock = try BuildLock(cache)
        let pruning = try withExtendedLifetime(lock) { try cache.prune(to: size.bytes) }
        let bytes = pruning.removed.reduce(0) { $0 + $1.size }
        let message =
            "\(pruning.removed.count) files and kept images were removed, \(bytes) bytes; \(pruning.size) bytes stay."
        output.end(
            OperationResult(
                "cache prune", changed: !pruning.removed.isEmpty, message,
                details: [
                    "removed": .array(pruning.removed.map { .string($0.digest.registryText) }),
                    "size": .integer(pruning.size),
                ]))
    }
}

/// Reads the cache: `boatyard cache verify`.
struct CacheVerifyCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read all of the cache, and remove what is damaged.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        What is removed is built or fetched again when it is needed.
        """,
        statuses: [
            0: "nothing was damaged",
            1: "something was, and is gone",
            2: "it could not be found out",
        ],
        examples: [
            "Look for damage":
                "boatyard cache verify"
        ])

    @OptionGroup(title: "Which cache")
    var cache: CacheOptions
    @Flag(help: "Print JSON.")
    var json = false

    func perform(_ output: Output) throws {
        let cache = try BuildCache(self.cache.folder())
        let lock = try BuildLock(cache)
        let (count, damaged) = try withExtendedLifetime(lock) { try cache.verify() }
        output.show(
            ["files": .integer(Int64(count)), "damaged": .array(damaged.map { .string($0.registryText) })],
            lines: damaged.map { "\($0.registryText) was damaged, and is removed" }
                + ["\(count) files were read; \(damaged.count) were damaged."])
        if !damaged.isEmpty { throw ExitCode(ExitStatus.negative) }
    }
}
