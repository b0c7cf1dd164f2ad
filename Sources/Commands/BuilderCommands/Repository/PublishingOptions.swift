import ArgumentParser
import Cryptography
import PackageRepositories
import SystemPackage

/// Holds who publishes an index, on top of whose, and for how long it counts.
struct PublishingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The private key that signs (\(SigningOptions.keyHelp)).", valueName: "key"))
    var key: String
    @OptionGroup
    var signing: SigningOptions
    @Option(
        help: ArgumentHelp(
            "A public key of somebody else who publishes there; as often as needed.", valueName: "file"),
        completion: .file())
    var trust: [String] = []
    @Option(help: ArgumentHelp("For how many days the index counts.", valueName: "number"))
    var days = RepositoryPublisher.standardDays
    @OptionGroup
    var memory: RepositoryMemoryOptions
    @OptionGroup(title: "How registries are reached")
    var registry: RegistryOptions

    func validate() throws {
        guard (1...3_650).contains(days) else { throw ValidationError("--days takes 1 to 3650") }
    }

    /// The key that signs.
    ///
    /// - Throws: as `SigningOptions.key`.
    func privateKey() throws -> SigningKey { try signing.key(key) }

    /// Publishes to a place.
    ///
    /// - Parameter own: the public half of the key that signs.
    /// - Throws: the errors of keys that cannot be read.
    func publisher(_ place: RepositoryPlace, _ own: PublicKey) throws -> RepositoryPublisher {
        let keys = [TrustedKey(name: "own", key: own)] + (try trust.map { try TrustedKey(file: FilePath($0)) })
        var publisher = RepositoryPublisher(
            reference: place.reference, keys: keys, memory: memory.file, now: try RepositoryClock.now())
        publisher.days = days
        return publisher
    }
}
