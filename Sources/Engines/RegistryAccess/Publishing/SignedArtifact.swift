import Cryptography
import Faults
import ImageModel
package import RegistryModel

/// A kind of artifact that is one signed document: its layers are the document, and the signatures over its bytes in the
/// format of `manifest.sig`.
package struct SignedArtifact: Sendable {
    /// The `artifactType` of its manifest.
    package let type: String
    /// The media type of the document.
    package let documentType: String
    /// The file name of the document, for people.
    package let documentTitle: String
    /// The file name of the signatures, for people.
    package let signatureTitle: String
    /// The largest document that is read, in bytes, as it is stored.
    package let maximumLength: Int
    /// What messages call it: `channel`.
    package let name: String
    /// What messages advise when there is none.
    package let remedy: String

    /// Describes a kind.
    package init(
        type: String, documentType: String, documentTitle: String, signatureTitle: String, maximumLength: Int,
        name: String, remedy: String
    ) {
        self.type = type
        self.documentType = documentType
        self.documentTitle = documentTitle
        self.signatureTitle = signatureTitle
        self.maximumLength = maximumLength
        self.name = name
        self.remedy = remedy
    }

    /// Reads the document that a reference resolved to, and says who signed it.
    ///
    /// It is signed when a trusted key made one of the signatures beside it over its bytes, or a cosign signature of the
    /// artifact.
    ///
    /// - Parameter check: the keys; nil for nothing to check, when who reads it has made it.
    /// - Returns: the document's bytes, unparsed: nothing in them counts before the verdict does.
    /// - Throws: `RegistryError` (`notFound`) when the reference names something else, and what keeps the parts from being
    ///   read.
    package func read(
        _ top: ManifestDocument, from source: inout some BlobSource & ~Copyable, check: SignatureCheck?
    ) throws -> (bytes: [UInt8], verdict: SignatureVerdict) {
        let artifact = try artifact(top)
        guard let layer = artifact.layers.first(where: { $0.mediaType == documentType }), layer.size <= maximumLength
        else { throw absent("there is no document in it, or one that is too long") }
        let bytes = try source.bytes(of: layer)
        guard let check else { return (bytes, .unsigned) }
        let own = try ownVerdict(artifact, bytes, from: &source, check)
        if case .signed = own { return (bytes, own) }
        let verdict = try check.verdict(for: top, in: &source, acceptsImageSignature: false)
        return (bytes, verdict == .unsigned ? own : verdict)
    }

    /// The manifest of what a reference resolved to.
    ///
    /// - Throws: `RegistryError` (`notFound`) when it is something else.
    package func artifact(_ top: ManifestDocument) throws -> ImageManifest {
        guard case .manifest(let artifact) = try RegistryDocument(parsing: top) else {
            throw absent("it is a list of images")
        }
        guard artifact.artifactType == type else {
            let kind = artifact.artifactType ?? artifact.config.mediaType
            throw absent("it is \(kind.quoted)")
        }
        return artifact
    }

    private func absent(_ cause: String) -> RegistryError {
        RegistryError(.notFound, "reading the \(name)", "artifact", cause: cause, remedy: remedy)
    }

    /// What the signatures beside the document say.
    private func ownVerdict(
        _ artifact: ImageManifest, _ document: [UInt8], from source: inout some BlobSource & ~Copyable,
        _ check: SignatureCheck
    ) throws -> SignatureVerdict {
        guard let layer = artifact.layers.first(where: { $0.mediaType == MediaType.signatures }) else {
            return .unsigned
        }
        guard layer.size <= SignatureCheck.maximumSignatureFile else {
            return .untrusted(reasons: ["\(signatureTitle) is too long"])
        }
        return try check.verdict(try Self.content(layer, from: &source), over: document, named: signatureTitle)
    }

    /// A short blob, from its descriptor when that holds it.
    private static func content(
        _ layer: Descriptor, from source: inout some BlobSource & ~Copyable
    ) throws -> [UInt8] {
        if let content = layer.content, content.count == layer.size,
            try SHA256Hasher.digest(of: content) == layer.digest
        {
            return content
        }
        return try source.bytes(of: layer)
    }
}
