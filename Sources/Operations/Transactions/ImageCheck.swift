import BootExecution
import Cryptography
package import ImageModel
import LinuxSystem
import RegistryModel
package import SystemPackage

/// Compares the files of an image's folder with its manifest.
package enum ImageCheck {
    /// Reads the whole image and says what is wrong; nil when every digest matches.
    ///
    /// - Throws: `SystemError` when a file cannot be read; `ManifestError`; what `progress` throws.
    package static func fault(_ image: ImageID, in folder: FilePath, progress: StepProgress) throws -> String? {
        let bytes = try FileBytes.read(
            folder.appending(ImageFile.manifest.rawValue), limit: ImageVerification.manifestLimit)
        guard ImageID(manifestDigest: try SHA256Hasher.digest(of: bytes)) == image else {
            return "its manifest is another image's"
        }
        let manifest = try Manifest(parsing: bytes)
        let root = Manifest.File(size: manifest.root.size, sha256: manifest.root.sha256)
        for (file, expected) in [(ImageFile.kernel, manifest.kernel), (.initrd, manifest.initrd), (.root, root)] {
            try progress.report(TransferProgress("checking \(file.rawValue)", done: 0, total: expected.size))
            if let fault = try fault(file, expected, in: folder) { return fault }
        }
        return nil
    }

    private static func fault(
        _ file: ImageFile, _ expected: Manifest.File, in folder: FilePath
    ) throws -> String? {
        let path = folder.appending(file.rawValue)
        guard let status = try FileStatus.of(path, followingLinks: false) else { return "\(file.rawValue) is missing" }
        guard status.kind == .file, status.size == Int64(expected.size) else {
            return "\(file.rawValue) has a wrong size"
        }
        let handle: OwnedDescriptor
        do throws(Errno) { handle = try OwnedDescriptor(opening: path) } catch {
            throw SystemError.file("opening", path, error)
        }
        let (digest, _) = try SHA256Hasher.digest(reading: handle.descriptor)
        return digest == expected.sha256 ? nil : "\(file.rawValue) does not match its digest"
    }
}
