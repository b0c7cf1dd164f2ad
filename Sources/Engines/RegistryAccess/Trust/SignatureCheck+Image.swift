import Cryptography
import ImageModel
package import RegistryModel

extension SignatureCheck {
    /// Says whether one of the keys signed the manifest of the lifeboot image that a document is or lists.
    ///
    /// The manifest has the digests of all other files, so that nothing of the image is left unsigned.
    func imageVerdict(
        _ document: ManifestDocument, in source: inout some BlobSource & ~Copyable
    ) throws -> SignatureVerdict {
        var artifact: ImageManifest
        switch try RegistryDocument(parsing: document) {
        case .manifest(let manifest): artifact = manifest
        case .index(let index):
            // A container beside the image is not covered by the image's signature.
            guard index.manifests.count == 1, let entry = index.manifests.first else { return .unsigned }
            guard entry.artifactType == MediaType.image else { return .unsigned }
            artifact = try ImageManifest(parsing: try source.manifest(entry.digest))
        }
        guard artifact.isLifebootImage else { return .unsigned }
        return try imageVerdict(try ArtifactFiles(artifact), in: &source)
    }

    /// Says whether one of the keys made `manifest.sig` of an image.
    ///
    /// - Throws: what keeps the two files from being read.
    package func imageVerdict(
        _ files: ArtifactFiles, in source: inout some BlobSource & ~Copyable
    ) throws -> SignatureVerdict {
        guard let signatureFile = files.files[.signature] else { return .unsigned }
        guard signatureFile.size <= Self.maximumSignatureFile else {
            return .untrusted(reasons: ["manifest.sig is too long"])
        }
        let manifest = try source.bytes(of: files.manifest)
        let text = try source.bytes(of: signatureFile)
        return try verdict(text, over: manifest, named: ImageFile.signature.rawValue)
    }

    /// The longest file of signatures that is read, in bytes.
    static let maximumSignatureFile = 16 << 10

    /// Says whether one of the keys made one of the signatures in a file over some bytes.
    ///
    /// - Throws: `CryptographyError` when a check could not be carried out.
    package func verdict(_ file: [UInt8], over message: [UInt8], named name: String) throws -> SignatureVerdict {
        let signatures: SignatureFile
        do throws(SignatureFileError) { signatures = try SignatureFile(parsing: file) } catch {
            return .untrusted(reasons: ["\(name): \(error)"])
        }
        if let key = try signer(signatures.signatures, of: message) { return .signed(key: key) }
        return .untrusted(reasons: ["\(name) was made by \(noTrustedKey)"])
    }

    /// Says whether one of the keys made a signature file over a message; a malformed file is no signature.
    ///
    /// - Throws: `CryptographyError` when the check could not be carried out.
    package func accepts(_ signatureFile: [UInt8]?, of message: [UInt8]) throws -> Bool {
        guard let signatureFile, let signatures = try? SignatureFile(parsing: signatureFile) else { return false }
        return try signer(signatures.signatures, of: message) != nil
    }
}
