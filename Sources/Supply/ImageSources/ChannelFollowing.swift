package import Cryptography
import Faults
package import ImageModel
package import RegistryAccess
package import RegistryModel
package import ReleaseModel
import SystemPackage

/// A channel's document, checked, and what it says.
package struct FollowedChannel: Equatable, Sendable {
    /// The reference of the channel.
    package var reference: SourceReference
    /// The document.
    package var document: ChannelDocument
    /// Whether a trusted key signed it.
    package var isSigned: Bool
    /// Who signed it, for people.
    package var trust: String
    /// The digest of what the reference names now; nil where nobody has asked.
    package var digest: Digest?
    /// What is worth keeping for the next time; nil when it is too long, or nothing was read.
    package var copy: ChannelCopy?

    /// Describes a channel that was read.
    package init(reference: SourceReference, document: ChannelDocument, isSigned: Bool, trust: String) {
        self.reference = reference
        self.document = document
        self.isSigned = isSigned
        self.trust = trust
    }

    /// Where a release's image is: by digest, in the repository that the release names or else in the channel's own.
    ///
    /// A place beside the channel's repository is looked for in the registry that the channel was read from, so that a
    /// mirror needs no other document. A layout or an archive is one repository, and all such places are it.
    ///
    /// - Throws: `Refusal` when the release names no repository and the channel is in none; `RegistryModelError`.
    package func image(of release: ChannelRelease) throws -> SourceReference {
        let base = try release.reference.map(place) ?? reference
        switch base {
        case .registry(let image): return .registry(image.pinned(to: release.digest))
        case .layout(let entry): return .layout(.init(entry.path, digest: release.digest))
        case .archive(let entry): return .archive(.init(entry.path, digest: release.digest))
        case .imageDirectory, .iso, .file:
            throw Refusal(
                .impossible, "following", "\(reference)", cause: "release \(release.version) does not say where it is",
                remedy: "Name a channel in a registry or an OCI layout.")
        }
    }

    private func place(_ text: String) throws(RegistryModelError) -> SourceReference {
        guard ImageReference.isRelative(text) else { return try SourceReference(parsing: text) }
        guard case .registry(let channel) = reference else { return reference }
        return .registry(try ImageReference(relative: text, to: channel))
    }
}

/// Reads a channel and checks who signed it and how old it is.
package enum ChannelFollowing {
    private static let operation = "following"

    /// Reads the document that a channel's reference names; see `ChannelArtifact.read` for what counts as signed.
    ///
    /// - Parameters:
    ///   - allowsUnsigned: whether the policy accepts a channel that nobody trusted signed.
    ///   - copy: what was read the last time, of whatever channel. It spares requests, and no check.
    /// - Throws: `Refusal` when it is not signed; `RegistryError` when it is no channel; the errors of the source;
    ///   `ChannelError`.
    package static func read(
        _ reference: SourceReference, _ source: consuming AnySource, keys: [TrustedKey], allowsUnsigned: Bool,
        copy: ChannelCopy? = nil
    ) throws -> FollowedChannel {
        var source = try KeptSource(source, copy?.reference == reference.description ? copy : nil)
        let top = try source.resolve()
        let (bytes, verdict) = try ChannelArtifact.read(top, from: &source, check: SignatureCheck(keys: keys))
        let trust = try trust(verdict, reference, hasKeys: !keys.isEmpty, allowsUnsigned: allowsUnsigned)
        let document = try ChannelDocument(parsing: bytes)
        let isSigned = if case .signed = verdict { true } else { false }
        var channel = FollowedChannel(reference: reference, document: document, isSigned: isSigned, trust: trust)
        channel.digest = top.digest
        channel.copy = source.copy(of: top, at: reference.description)
        channel.copy?.installed = copy?.installed
        return channel
    }

    private static func trust(
        _ verdict: SignatureVerdict, _ reference: SourceReference, hasKeys: Bool, allowsUnsigned: Bool
    ) throws(Refusal) -> String {
        if case .signed(let key) = verdict { return "channel signed by \(key)" }
        if allowsUnsigned { return "CHANNEL NOT SIGNED by a trusted key; allowed by the policy or --allow-unsigned" }
        if verdict != .unsigned, !hasKeys {
            throw Refusal(
                .untrusted, operation, "\(reference)",
                cause: "the channel is signed, but this machine trusts no key at all",
                remedy: "Put the publisher's key into /etc/lifeboot/keys.")
        }
        let cause =
            switch verdict {
            case .unsigned: "the channel is not signed"
            case .unread(let forms):
                "the channel is signed only in a form that is not read: \(forms.joined(separator: ", "))"
            case .signed, .untrusted: "the channel is signed by none of the trusted keys"
            }
        throw Refusal(
            verdict == .unsigned ? .unsigned : .untrusted, operation, "\(reference)", cause: cause,
            remedy: "Publish it again with `boatyard channel publish --key`, with a key that this machine trusts.")
    }
}
