import DocumentTree
import Faults
import ImageFolders
import ImageModel
import LinuxSystem
package import SystemPackage
package import TransactionPlanning
import YAMLDocuments

extension InstallFile {
    /// Reads the file of a medium.
    ///
    /// A sealed system takes only what a key of the image has signed; every other one does so where there is a signature and
    /// a key to check it.
    ///
    /// - Parameter root: where the running system's files lie; another folder than `/` for tests.
    /// - Throws: `Refusal` when it is not there, or says what cannot be meant; `ImageVerificationError` when its signature
    ///   does not hold.
    package static func read(from medium: FilePath, root: FilePath = "/") throws -> InstallFile {
        let file = medium.appending(name)
        guard let bytes = try FileBytes.readIfPresent(file, limit: sizeLimit) else {
            throw Refusal(
                .notFound, "installing by", "\(file)", cause: "the medium has no such file",
                remedy:
                    "Make the medium with `boatyard iso --install-file`, or install by hand: `lifeboot install DISK`.")
        }
        let signature = try FileBytes.readIfPresent(
            SystemSeal.signature(of: file), limit: ImageFile.signature.sizeLimit)
        try SystemSeal(root: root).checkWhereSigned(bytes, signature: signature, of: file)
        return try InstallFile(bytes, of: "\(file)") { (bytes) throws(DocumentError) in try YAMLDocument.parse(bytes) }
    }
}
