import ArgumentParser
import CommandOutput
import Cryptography
import ImageModel
import ImageSources
import JSONText
import LinuxSystem
import RegistryAccess
import RegistryModel
import ReleaseModel
import SystemPackage

/// Holds which channel is read, as a file or where machines read it, and what it has to be signed with.
struct ChannelReadingOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The channel's document, or where it is published: oci://host/repository:tag, oci:PATH:NAME.",
            valueName: "file|reference"), completion: .file())
    var channel: String
    @Option(
        help: ArgumentHelp(
            "A public key of who publishes it (PEM, EC P-256); as often as needed.", valueName: "file"),
        completion: .file())
    var key: [String] = []
    @Flag(help: "Take a published channel that nobody vouches for.")
    var unsigned = false
    @OptionGroup(title: "How registries are reached")
    var registry: RegistryOptions

    /// Whether it is read where machines read it; a path does not begin so.
    var isPublished: Bool { ["oci:", "oci-layout:", "oci-archive:"].contains { channel.hasPrefix($0) } }

    func validate() throws {
        if isPublished, unsigned != key.isEmpty {
            throw ValidationError("give --key FILE, or --unsigned to take a channel that nobody vouches for")
        }
        if !isPublished, unsigned { throw ValidationError("--unsigned goes with a published channel, not with a file") }
    }

    /// The keys that were named.
    ///
    /// - Throws: the errors of keys that cannot be read.
    func keys() throws -> [TrustedKey] { try key.map { try TrustedKey(file: FilePath($0)) } }

    /// Reads it; what is published as machines do, with its signature.
    ///
    /// - Throws: `Refusal` when it is not signed; `ChannelError`; the errors of file and source.
    func read() throws -> FollowedChannel {
        guard isPublished else {
            let path = FilePath(channel)
            return FollowedChannel(
                reference: .file(.init(path)), document: try ChannelFile.read(path), isSigned: false, trust: "a file")
        }
        let reference = try SourceReference(typed: channel)
        let source = try AnySource(opening: reference, registry.configuration(), userAgent: "boatyard")
        return try ChannelFollowing.read(reference, source, keys: try keys(), allowsUnsigned: unsigned)
    }
}

extension FollowedChannel {
    /// The members of a document that say which channel it is about.
    var members: JSONObject {
        [
            "channel": .string(document.name), "reference": .string(reference.description),
            "digest": digest.map { .string($0.registryText) } ?? .null, "signed": .bool(isSigned),
            "issued": .string(document.issued.description), "expires": .string(document.expires.description),
        ]
    }

    /// The same for people: what it is, for how long it counts, and who says so.
    var lines: [String] {
        // What is read of an unsigned one is worded for machines, with the option that they have.
        let words = isSigned ? trust : "NOT SIGNED by a key that was named"
        let revision = digest.map { ["revision \($0.registryText), \(words)"] } ?? []
        return ["channel \(document.name), issued \(document.issued), expires \(document.expires)"] + revision
    }
}

extension ChannelRelease {
    /// The release as the document has it, with what has its default.
    var members: JSONObject {
        [
            "version": .string(version), "sequence": .integer(sequence), "digest": .string(digest.registryText),
            "reference": reference.map { .string($0) } ?? .null, "rollout": .integer(Int64(rollout)),
            "minimum": minimumSequence.map { .integer($0) } ?? .null, "critical": .bool(isCritical),
            "withdrawn": withdrawn.map { .string($0) } ?? .null, "notes": notes.map { .string($0) } ?? .null,
        ]
    }
}
