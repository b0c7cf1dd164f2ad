import ImageModel
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

    /// Describes a channel that was read.
    package init(reference: SourceReference, document: ChannelDocument, isSigned: Bool, trust: String) {
        self.reference = reference
        self.document = document
        self.isSigned = isSigned
        self.trust = trust
    }

    /// Where a release's image is: by digest, in the repository that the release names or else in the channel's own.
    ///
    /// - Throws: `Refusal` when the release names no repository and the channel is in none; `RegistryModelError`.
    package func image(of release: ChannelRelease) throws -> SourceReference {
        let base = try release.reference.map { try SourceReference(parsing: $0) } ?? reference
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
}

/// Reads a channel and checks who signed it and how old it is.
package enum ChannelFollowing {
    /// The file name of the signature beside the document.
    private static let signatureTitle = "channel.sig"
    private static let operation = "following"

    /// Reads the document that a channel's reference names.
    ///
    /// It counts as signed when cosign's signature over the artifact or `channel.sig` over the document is by a trusted key.
    ///
    /// - Parameters:
    ///   - allowsUnsigned: whether the policy accepts a channel that nobody trusted signed.
    /// - Throws: `Refusal` when it is no channel or not signed; the errors of the source; `ChannelError`.
    package static func read(
        _ reference: SourceReference, _ source: consuming AnySource, keys: [TrustedKey], allowsUnsigned: Bool
    ) throws -> FollowedChannel {
        let top = try source.resolve()
        let check = SignatureCheck(keys: keys)
        let verdict = try check.verdict(for: top, in: &source, acceptsImageSignature: false)
        let manifest = try ImageManifest(parsing: top)
        guard manifest.artifactType == MediaType.channel,
            let layer = manifest.layers.first(where: { $0.mediaType == MediaType.channelDocument })
        else {
            throw Refusal(
                .impossible, operation, "\(reference)", cause: "it is no channel",
                remedy: "Name a channel in the configuration; an image is named on the command line.")
        }
        let bytes = try bytes(of: layer, limit: ChannelDocument.sizeLimit, reference, in: &source)
        var (isSigned, hasSignature) = (false, verdict != .unsigned)
        if let signature = manifest.layers.first(where: { $0.annotations[MediaType.title] == signatureTitle }) {
            let text = try Self.bytes(of: signature, limit: 16 << 10, reference, in: &source)
            isSigned = try check.accepts(text, of: bytes)
            hasSignature = true
        }
        if case .signed = verdict { isSigned = true }
        let trust = try trust(
            verdict, isSigned: isSigned, hasSignature: hasSignature, reference, allowsUnsigned: allowsUnsigned)
        let document = try ChannelDocument(parsing: bytes)
        return FollowedChannel(reference: reference, document: document, isSigned: isSigned, trust: trust)
    }

    private static func trust(
        _ verdict: SignatureVerdict, isSigned: Bool, hasSignature: Bool, _ reference: SourceReference,
        allowsUnsigned: Bool
    ) throws(Refusal) -> String {
        switch verdict {
        case .signed(let key): return "channel signed by \(key)"
        case .unsigned, .untrusted:
            if isSigned { return "channel signed by a trusted key" }
            if allowsUnsigned {
                return "CHANNEL NOT SIGNED by a trusted key; allowed by the policy or --allow-unsigned"
            }
            throw Refusal(
                hasSignature ? .untrusted : .unsigned, operation, "\(reference)",
                cause: hasSignature ? "the channel is signed by none of the trusted keys" : "the channel is not signed",
                remedy: "Publish it again with `boatyard channel publish --key`, with a key that this machine trusts.")
        }
    }

    private static func bytes(
        of blob: Descriptor, limit: Int, _ reference: SourceReference, in source: inout AnySource
    ) throws -> [UInt8] {
        guard blob.size <= limit else {
            throw Refusal(
                .impossible, operation, "\(reference)",
                cause: "its document has \(blob.size) bytes, more than \(limit)",
                remedy: "Publish the channel again.")
        }
        var bytes: [UInt8] = []
        try source.read(blob, from: 0) { piece in
            for index in piece.indices { bytes.append(piece[index]) }
        }
        return bytes
    }
}
