import ArgumentParser
import Cryptography
import PackageBuilding
import PackageRepositories
import PackageSpecs
import SystemPackage

/// Holds which caches elsewhere a build asks, and whether it writes to one.
struct RemoteCacheOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A cache of builds elsewhere, which is asked before something is built: oci://host/repository, or oci:PATH \
            for a layout. As often as needed, in this order; those of boatyard.yaml come after.
            """, valueName: "cache"))
    var cache: [String] = []
    @Option(
        help: ArgumentHelp(
            "A public key whose builds in caches elsewhere count (PEM, EC P-256); as often as needed.",
            valueName: "file"), completion: .file())
    var trust: [String] = []
    @Flag(help: "Write what was built here to the first of the caches elsewhere, signed with --key.")
    var cachePush = false
    @Option(
        help: ArgumentHelp("The private key that signs for --cache-push (\(SigningOptions.keyHelp)).", valueName: "key")
    )
    var key: String?
    @OptionGroup
    var signing: SigningOptions

    func validate() throws {
        guard cachePush == (key != nil) else {
            throw ValidationError(
                cachePush
                    ? "--cache-push needs --key: only what is signed is used"
                    : "--key is for --cache-push; name the public key of who writes to a cache with --trust")
        }
    }

    /// The caches that are asked, the first of which is written to.
    ///
    /// - Throws: `ValidationError` when there is none to write to; the errors of keys, and as `LayerSession.caches`.
    func caches(of session: LayerSession) throws -> RemoteCaches {
        var keys = try trust.map { try TrustedKey(file: FilePath($0)) }
        if let key { keys.append(TrustedKey(name: "own", key: try signing.key(key).publicKey())) }
        let caches = try session.caches(try cache.map { try RepositoryPlace(typed: $0) }, trusting: keys)
        guard !cachePush || !caches.places.isEmpty else {
            throw ValidationError(
                "--cache-push: there is no cache to write to; name one with --cache, or as 'cache' in boatyard.yaml")
        }
        return caches
    }

    /// Writes what was built here, when that is wanted; what goes wrong with it is a note.
    ///
    /// - Throws: the errors of the key; `SystemError` when the cache of this machine cannot be read.
    func push(
        _ session: LayerSession, _ summary: BuildSummary, to caches: RemoteCaches, _ report: PackageBuildReport
    ) throws -> RemoteCachePush.Outcome? {
        guard let key else { return nil }
        let push = try RemoteCachePush(session.specs.packages, summary, from: session.cache)
        return push.push(to: caches, signedWith: try signing.key(key)) { report.wrote($0, caches) }
    }
}
