import Cryptography
import DiskContract
import Faults
import LinuxSystem
package import SystemPackage

/// The public keys whose signatures count, read from key directories.
package struct TrustedKeys: Sendable {
    let keys: [TrustedKey]
    /// What to say of key files that are no keys, a sentence each.
    package let skipped: [String]

    /// Reads every `*.pem` and `*.pub` file of the directories, in name order; a directory need not be there, and a file
    /// that is no key does not keep the others from counting.
    ///
    /// - Throws: `ImageVerificationError` when there is no key at all; `SystemError` when a directory cannot be read.
    package init(directories: [FilePath]) throws {
        let (keys, skipped) = try TrustedKey.usable(in: directories)
        if keys.isEmpty, let first = skipped.first { throw ImageVerificationError.badKey(first.file, first.error) }
        guard !keys.isEmpty else { throw ImageVerificationError.noKeys(directories) }
        self.keys = keys
        self.skipped = skipped.map(\.description)
    }

    /// Reads one key file, which must be there.
    ///
    /// - Throws: `ImageVerificationError` when it is no key; `SystemError` when it cannot be read.
    package init(file: FilePath) throws {
        do { keys = [try TrustedKey(file: file)] } catch let error as CryptographyError {
            throw ImageVerificationError.badKey(file, error)
        }
        skipped = []
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
