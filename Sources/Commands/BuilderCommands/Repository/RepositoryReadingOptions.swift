import ArgumentParser
import CommandOutput
import Cryptography
import ImageModel
import JSONText
import LinuxSystem
import PackageModel
import PackageRepositories
import RegistryAccess
import RegistryModel
import RepositoryPlanning
import SystemPackage

/// Holds which repository is read, and what it has to be signed with.
struct RepositoryReadingOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("oci://host/repository, or oci:PATH for a layout.", valueName: "repository"))
    var repository: String
    @Option(
        help: ArgumentHelp(
            "A public key of who publishes it (PEM, EC P-256); as often as needed.", valueName: "file"))
    var key: [String] = []
    @Flag(help: "Take an index that nobody vouches for.")
    var unsigned = false
    @Option(help: ArgumentHelp("Read this revision instead of the newest.", valueName: "number"))
    var snapshot: Int64?
    @OptionGroup
    var memory: RepositoryMemoryOptions
    @Flag(help: "Forget which index was seen before: the repository was made anew.")
    var forget = false

    @OptionGroup(title: "How registries are reached")
    var registry: RegistryOptions

    func validate() throws {
        guard unsigned != !key.isEmpty else {
            throw ValidationError("give --key FILE, or --unsigned to take an index that nobody vouches for")
        }
        if let snapshot, snapshot < 1 { throw ValidationError("--snapshot takes a number from 1 on") }
    }

    /// Where it is.
    func place() throws -> RepositoryPlace { try RepositoryPlace(typed: repository) }

    /// The repository, to be read or written.
    func target() throws -> AnyTarget { try place().open(registry.configuration()) }

    /// The keys; nil when none is asked for.
    func keys() throws -> [TrustedKey]? { unsigned ? nil : try key.map { try TrustedKey(file: FilePath($0)) } }

    /// Opens the index that is asked for.
    func open(_ target: inout AnyTarget, _ output: Output) throws -> RepositoryReader.Opened {
        var reader = RepositoryReader(keys: try keys(), memory: memory.file, now: try RepositoryClock.now())
        reader.forgets = forget
        let opened = try reader.open(
            snapshot.map { .revision($0) } ?? .newest, of: try place().reference, in: &target)
        opened.notes.forEach(output.note)
        return opened
    }
}

/// Holds where it is remembered which indexes were seen.
struct RepositoryMemoryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Remembers which indexes were seen (default: boatyard/repositories.json in your cache folder).",
            valueName: "file"))
    var memory: String?

    /// The file; nil when this user has no home.
    var file: RepositoryMemoryFile? {
        memory.map { RepositoryMemoryFile(FilePath($0)) } ?? RepositoryMemoryFile.ofUser(ThisProcess.variable)
    }
}

/// Reads the clock as documents need it.
enum RepositoryClock {
    /// Now.
    ///
    /// - Throws: `ValidationError` when the clock is beyond all years.
    static func now() throws -> UTCTime {
        guard let now = UTCTime(seconds: WallClock.secondsSince1970) else {
            throw ValidationError("the clock of this machine is not set")
        }
        return now
    }
}

extension RepositoryReader.Opened {
    /// The members of a document that say which index it is about.
    var members: JSONObject {
        var members: JSONObject = [
            "repository": .string(known.index.name), "revision": .integer(known.index.revision),
            "digest": .string(known.digest.registryText), "created": .string(known.index.created.description),
            "expires": .string(known.index.expires.description),
        ]
        members["key"] = signer.map { .string($0) } ?? .null
        return members
    }
}
