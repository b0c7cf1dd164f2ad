import Cryptography
import DiskContract
import Faults
import ImageModel
import LinuxSystem
package import SystemPackage

/// Whether the system that runs, initramfs or image, is sealed: then only what an image key has signed counts
/// (docs/trust.md).
package struct SystemSeal: Equatable, Sendable {
    /// Whether the mark is there; what cannot be found out is yes.
    package let isSealed: Bool
    private let root: FilePath

    /// Looks for the mark.
    ///
    /// - Parameter root: where the system's files lie; another folder than `/` for tests.
    package init(root: FilePath = "/") {
        self.root = root
        do { isSealed = try FileStatus.of(root.appending(MachinePaths.sealed.components)) != nil } catch {
            isSealed = true
        }
    }

    /// The folders whose keys may sign images: what can be written while the machine runs is none of them when it is sealed.
    package var keyDirectories: [FilePath] {
        let folders = isSealed ? Array(MachinePaths.keyDirectories.prefix(1)) : MachinePaths.keyDirectories
        return folders.map { root.appending($0.components) }
    }

    /// The file with the signatures of a file, which lies beside it and has the form of `manifest.sig`.
    package static func signature(of file: FilePath) -> FilePath {
        file.removingLastComponent().appending("\(file.lastComponent?.string ?? "").sig")
    }

    /// Whether a file counts that lies where somebody else may write: always when nothing is sealed, else with a signature.
    ///
    /// - Parameters:
    ///   - signature: the bytes of the file beside it; nil when there is none.
    ///   - file: the name of the file, for messages.
    /// - Throws: `ImageVerificationError` for the reason why it does not count; the errors of keys that cannot be read.
    package func check(_ bytes: [UInt8], signature: [UInt8]?, of file: FilePath) throws {
        guard isSealed else { return }
        try require(bytes, signature: signature, of: file)
    }

    /// Whether a file counts that need not be signed, but must not be signed by somebody else: a signature has to hold where
    /// there is a key to check it with.
    ///
    /// - Throws: as `check`.
    package func checkWhereSigned(_ bytes: [UInt8], signature: [UInt8]?, of file: FilePath) throws {
        if isSealed { return try require(bytes, signature: signature, of: file) }
        guard signature != nil else { return }
        do { try require(bytes, signature: signature, of: file) } catch let error as ImageVerificationError
            where error.kind == .noKeys
        {}
    }

    private func require(_ bytes: [UInt8], signature: [UInt8]?, of file: FilePath) throws {
        let place = Self.signature(of: file)
        guard let signature else { throw ImageVerificationError.unsignedFile(file, place) }
        let trusted = try TrustedKeys(directories: keyDirectories)
        let signatures: [[UInt8]]
        do { signatures = try SignatureFile(parsing: signature).signatures } catch {
            throw ImageVerificationError.badSignature(of: file, error)
        }
        guard try trusted.verify(signatures, of: bytes) else {
            throw ImageVerificationError.untrustedFile(file, keys: trusted.keys.map(\.name))
        }
    }
}
