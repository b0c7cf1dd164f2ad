import Cryptography
import DiskContract
import Faults
import LinuxSystem
package import SystemPackage

/// The public keys whose signatures count, read from key directories.
package struct TrustedKeys: Sendable {
    let keys: [TrustedKey]

    /// Reads every `*.pem` and `*.pub` file of the directories, in name order; a directory need not be there.
    ///
    /// - Throws: `ImageVerificationError` when there is no key at all or a file is not a key; `SystemError` when a file
    ///   cannot be read.
    package init(directories: [FilePath]) throws {
        keys = try Self.naming(directories) { try TrustedKey.all(in: directories) }
        guard !keys.isEmpty else { throw ImageVerificationError.noKeys(directories) }
    }

    /// Reads one key file, which must be there.
    ///
    /// - Throws: `ImageVerificationError` when it is no key; `SystemError` when it cannot be read.
    package init(file: FilePath) throws { keys = [try Self.naming([file]) { try TrustedKey(file: file) }] }

    /// Says of a file that is no key that the image cannot be verified because of it.
    private static func naming<Result>(_ places: [FilePath], _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as CryptographyError {
            let path = error.subject.isEmpty ? places.first ?? "" : FilePath(error.subject)
            throw ImageVerificationError.badKey(path, error)
        }
    }

    /// Says whether one of the keys made one of the signatures over these bytes.
    ///
    /// - Throws: `CryptographyError` when a check could not be carried out, which is not the same as no.
    func verify(_ signatures: [[UInt8]], of bytes: [UInt8]) throws -> Bool {
        for key in keys {
            for signature in signatures where try key.key.verify(signature: signature, of: bytes) == .valid {
                return true
            }
        }
        return false
    }
}

/// Says whether images that this machine made itself, out of container images, may boot
/// (docs/decisions/0012-local-images.md).
package enum LocalImagePolicy: Equatable, Sendable {
    /// A signature by the machine's own key counts.
    case allow
    /// Only the keys of the image count.
    case refuse

    /// Asks the initramfs that runs: it allows them only by a mark, which the dracut module wrote when it was made.
    ///
    /// What cannot be found out is no.
    ///
    /// - Parameter root: where the system's files lie, for tests; nil for where they do.
    package static func inInitramfs(below root: FilePath? = nil) -> LocalImagePolicy {
        isThere(MachinePaths.allowLocalImages, root) == true && !isSealed(root) ? .allow : .refuse
    }

    /// Asks the booted system that runs: it allows them unless its image has a mark against it.
    ///
    /// What cannot be found out is no.
    ///
    /// - Parameter root: where the system's files lie, for tests; nil for where they do.
    package static func inBootedSystem(below root: FilePath? = nil) -> LocalImagePolicy {
        isThere(MachinePaths.refuseLocalImages, root) == false && !isSealed(root) ? .allow : .refuse
    }

    private static func isSealed(_ root: FilePath?) -> Bool { SystemSeal(root: root ?? "/").isSealed }

    /// Nil when nobody can tell.
    private static func isThere(_ path: FilePath, _ root: FilePath?) -> Bool? {
        let place = root?.appending(path.components) ?? path
        do { return try FileStatus.of(place) != nil } catch { return nil }
    }
}
