package import Cryptography
import Faults
import ImageAssembly
package import ImageFolders
import ImageModel
import LinuxSystem
package import RegistryModel
import SystemPackage
import Verity

/// Checks an image's folder against a public key: the signature, every digest, the chunk index and the verity tree.
package struct ImageVerifier {
    /// What one check found.
    package struct Finding: Equatable, Sendable {
        /// What was checked.
        package var subject: String
        /// What is wrong; nil when nothing is.
        package var fault: String?
        /// What is to be said where nothing is wrong; nil for nothing.
        package var remark: String?
    }

    private let image: ImageFolder
    private let progress: (TransferProgress) -> Void

    /// Runs all checks and returns their findings in order.
    ///
    /// - Throws: what kept a check from being done, such as a file that is missing: that is no verdict.
    package static func verify(
        _ image: ImageFolder, key: PublicKey, progress: @escaping (TransferProgress) -> Void = { _ in }
    ) throws -> [Finding] {
        let verifier = ImageVerifier(image: image, progress: progress)
        let manifest = image.manifest
        var findings = [try verifier.signature(key)]
        findings.append(try verifier.file(.kernel))
        findings.append(try verifier.file(.initrd))
        findings.append(try verifier.file(.root))
        if manifest.chunks != nil {
            findings.append(try verifier.file(.chunks))
            findings.append(try verifier.index())
        }
        findings.append(try verifier.verity())
        for document in ImageDocument.allCases {
            if let digest = manifest.digest(of: document) { findings.append(try verifier.check(document, digest)) }
        }
        return findings
    }

    private func signature(_ key: PublicKey) throws -> Finding {
        let bytes = try FileBytes.read(image.path(of: .signature), limit: ImageFile.signature.sizeLimit)
        let file: SignatureFile
        do {
            file = try SignatureFile(parsing: bytes)
        } catch {
            return Finding(
                subject: ImageFile.signature.rawValue, fault: "line \(error.kind.line): \(error.kind.reason)")
        }
        for signature in file.signatures where try key.verify(signature: signature, of: image.manifestBytes) == .valid {
            return Finding(subject: ImageFile.signature.rawValue)
        }
        return Finding(subject: ImageFile.signature.rawValue, fault: "no signature over the manifest is by this key")
    }

    private func file(_ file: ImageFile) throws -> Finding {
        progress(TransferProgress("hashing \(file.rawValue)", done: 0, total: image.manifest.file(file)?.size ?? 0))
        let fault = try image.fault(of: file, .digest)
        // What is not there cannot be checked.
        if fault?.kind == .missing {
            throw ImageBuildError.file("reading", image.path(of: file), .noSuchFileOrDirectory)
        }
        return Finding(subject: file.rawValue, fault: fault?.cause)
    }

    /// Looks at a document that a machine does not keep, so that it need not be here.
    private func check(_ document: ImageDocument, _ digest: Digest) throws -> Finding {
        let path = image.path.appending(document.rawValue)
        guard try FileStatus.of(path) != nil else { return Finding(subject: document.rawValue, remark: "not here") }
        let found = try ImageFileDigest.of(path).sha256
        return Finding(
            subject: document.rawValue, fault: found == digest ? nil : "does not match its digest in the manifest")
    }

    private func index() throws -> Finding {
        let bytes = try FileBytes.read(image.path(of: .chunks), limit: ImageFile.chunks.sizeLimit)
        let subject = "chunk index"
        do {
            let index = try ChunkIndex(parsing: bytes)
            let isOurs = index.size == image.manifest.root.size && index.digest == image.manifest.root.sha256
            return Finding(subject: subject, fault: isOurs ? nil : "it is the index of another root image")
        } catch {
            return Finding(subject: subject, fault: "byte \(error.kind.offset): \(error.kind.reason)")
        }
    }

    private func verity() throws -> Finding {
        progress(TransferProgress("checking blocks", done: 0, total: image.manifest.root.verity.hashOffset))
        let fault = try VerityFormat.mismatch(in: image.path(of: .root), image.manifest.root.verity)
        return Finding(subject: "verity tree", fault: fault)
    }
}
