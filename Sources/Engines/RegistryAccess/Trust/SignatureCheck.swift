package import Cryptography
import ImageModel
package import RegistryModel

/// Says who signed a document; that it could not be found out is an error instead.
package enum SignatureVerdict: Equatable, Sendable {
    /// A trusted key made a signature over it; the key's name.
    case signed(key: String)
    /// There is no signature at all.
    case unsigned
    /// There are signatures, none of which counts; why, a sentence for each.
    case untrusted(reasons: [String])
    /// There are signatures, all of them in a form that is not read; which, for people.
    case unread(forms: [String])
}

extension SignatureVerdict {
    /// Whether a trusted key signed it.
    var isSigned: Bool { if case .signed = self { true } else { false } }

    /// What two ways to look say together: a signature that counts, else why none does, else what is not read.
    func joined(with other: SignatureVerdict) -> SignatureVerdict {
        switch (self, other) {
        case (.signed, _): self
        case (_, .signed): other
        case (.unread(let one), .unread(let two)): .unread(forms: one + two)
        case (.untrusted, _), (_, .unsigned): self
        default: other
        }
    }
}

/// Checks the signatures of what a reference resolved to: those that a key made with cosign, in its older form and in Sigstore
/// bundles, and `manifest.sig` where there are none.
package struct SignatureCheck: Sendable {
    /// The most signatures of one document that are looked at.
    package static let maximumSignatures = 32
    /// The longest DER encoding of a P-256 signature, in bytes.
    private static let maximumSignatureLength = SignatureFile.maximumSignatureLength

    private let keys: [TrustedKey]

    /// Checks with these keys.
    package init(keys: [TrustedKey]) { self.keys = keys }

    /// Says whether one of the keys signed a document.
    ///
    /// The signatures lie under the tag `sha256-<digest>.sig` of the same repository (cosign, `specs/SIGNATURE_SPEC.md`), or
    /// refer to the document (see `referringVerdict`). A signature counts when a trusted key made it over something that
    /// names the document's digest.
    ///
    /// - Parameters:
    ///   - document: what the reference resolved to: the index when it is one.
    ///   - acceptsImageSignature: whether `manifest.sig` of a lifeboot image counts where there is no such tag; for sources
    ///     that are not registries, which often have no place for tags.
    /// - Throws: whatever keeps the signatures from being read: "could not ask" is not "no".
    package func verdict(
        for document: ManifestDocument, in source: inout some BlobSource & ~Copyable, acceptsImageSignature: Bool
    ) throws -> SignatureVerdict {
        let tagged = try taggedVerdict(document, in: &source)
        if let tagged, case .signed = tagged { return tagged }
        let verdict = (tagged ?? .unsigned).joined(with: try referringVerdict(document, in: &source))
        let isLeftToImage = acceptsImageSignature && tagged == nil && verdict == .unsigned
        return isLeftToImage ? try imageVerdict(document, in: &source) : verdict
    }

    /// Checks the signatures under the tag of cosign's older form; nil when there is no such tag.
    func taggedVerdict(
        _ document: ManifestDocument, in source: inout some BlobSource & ~Copyable
    ) throws -> SignatureVerdict? {
        guard let list = try source.manifest(tag: SimpleSigning.tag(of: document.digest)) else { return nil }
        return try verdict(list, about: document.digest, in: &source)
    }

    /// Checks the signatures that a manifest lists in its layers, each with its payload.
    func verdict(
        _ signatures: ManifestDocument, about digest: Digest, in source: inout some BlobSource & ~Copyable
    ) throws -> SignatureVerdict {
        let manifest: ImageManifest
        do throws(RegistryModelError) { manifest = try ImageManifest(parsing: signatures) } catch {
            return .untrusted(reasons: ["the list of signatures is malformed: \(error)"])
        }
        var reasons: [String] = []
        for layer in manifest.layers.filter({ $0.mediaType == MediaType.simpleSigning }).prefix(Self.maximumSignatures)
        {
            switch try finding(layer, about: digest, in: &source) {
            case .signed(let key): return .signed(key: key)
            case .refused(let reason): reasons.append("signature \(reasons.count + 1) \(reason)")
            }
        }
        return reasons.isEmpty ? .unsigned : .untrusted(reasons: reasons)
    }

    private enum Finding {
        case signed(key: String)
        case refused(String)
    }

    /// Checks one signature: its form first, then who made it, then what it is about.
    private func finding(
        _ layer: Descriptor, about digest: Digest, in source: inout some BlobSource & ~Copyable
    ) throws -> Finding {
        guard let text = layer.annotations[SimpleSigning.annotation],
            text.utf8.count <= (Self.maximumSignatureLength + 2) / 3 * 4, let signature = Base64.decode(text.utf8)
        else { return .refused("is not base64 of an ECDSA signature") }
        guard layer.size <= SimpleSigning.maximumLength else { return .refused("is about a payload that is too long") }
        let payload = try source.bytes(of: layer)
        guard let key = try signer([signature], of: payload) else { return .refused("was made by \(noTrustedKey)") }
        let statement: SimpleSigning
        do throws(RegistryModelError) { statement = try SimpleSigning(parsing: payload) } catch {
            return .refused("is about something malformed: \(error)")
        }
        guard statement.digest == digest else { return .refused("is about \(statement.digest.registryText), not this") }
        return .signed(key: key)
    }

    /// The name of the first key that made one of the signatures.
    ///
    /// - Throws: `CryptographyError` when a check could not be carried out.
    func signer(_ signatures: [[UInt8]], of message: [UInt8]) throws -> String? {
        for key in keys {
            for signature in signatures where try key.key.verify(signature: signature, of: message) == .valid {
                return key.name
            }
        }
        return nil
    }

    /// For a message: what the signer is not.
    var noTrustedKey: String {
        keys.isEmpty
            ? "somebody, and no key is trusted" : "none of the keys \(keys.map(\.name).joined(separator: ", "))"
    }
}
