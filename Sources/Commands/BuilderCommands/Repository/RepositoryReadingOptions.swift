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
    @OptionGroup
    var trust: RepositoryTrustOptions
    @Option(help: ArgumentHelp("Read this revision instead of the newest.", valueName: "number"))
    var snapshot: Int64?

    @OptionGroup(title: "How registries are reached")
    var registry: RegistryOptions

    func validate() throws {
        try trust.checkAnswer()
        if let snapshot, snapshot < 1 { throw ValidationError("--snapshot takes a number from 1 on") }
    }

    /// Where it is.
    func place() throws -> RepositoryPlace { try RepositoryPlace(typed: repository) }

    /// The repository, to be read or written.
    func target() throws -> AnyTarget { try place().open(registry.configuration()) }

    /// Opens the index that is asked for.
    func open(_ target: inout AnyTarget, _ output: Output) throws -> RepositoryReader.Opened {
        let opened = try trust.reader().open(
            snapshot.map { .revision($0) } ?? .newest, of: try place().reference, in: &target)
        opened.notes.forEach(output.note)
        return opened
    }
}

/// Holds whose signature counts, and what was seen before.
struct RepositoryTrustOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A public key of who publishes it (PEM, EC P-256); as often as needed.", valueName: "file"),
        completion: .file())
    var key: [String] = []
    @Flag(help: "Take an index that nobody vouches for.")
    var unsigned = false
    @OptionGroup
    var memory: RepositoryMemoryOptions
    @Flag(help: "Forget which index was seen before: the repository was made anew.")
    var forget = false

    /// Whether it is said whose signature counts.
    var isAnswered: Bool { unsigned || !key.isEmpty }

    /// Refuses silence about whose signature counts, and two answers.
    ///
    /// - Throws: `ValidationError`.
    func checkAnswer() throws {
        guard unsigned != !key.isEmpty else {
            throw ValidationError("give --key FILE, or --unsigned to take an index that nobody vouches for")
        }
    }

    /// The keys; nil when none is asked for.
    func keys() throws -> [TrustedKey]? { unsigned ? nil : try key.map { try TrustedKey(file: FilePath($0)) } }

    /// Reads with these keys.
    ///
    /// - Throws: the errors of keys that cannot be read.
    func reader() throws -> RepositoryReader {
        var reader = RepositoryReader(keys: try keys(), memory: memory.file, now: try RepositoryClock.now())
        reader.forgets = forget
        return reader
    }
}

/// Holds where it is remembered which indexes were seen.
struct RepositoryMemoryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Remembers which indexes were seen (default: boatyard/repositories.json in your cache folder).",
            valueName: "file"), completion: .file())
    var memory: String?

    /// The file; nil when this user has no home.
    var file: RepositoryMemoryFile? {
        memory.map { RepositoryMemoryFile(FilePath($0)) } ?? RepositoryMemoryFile.ofUser(ThisProcess.variable)
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
