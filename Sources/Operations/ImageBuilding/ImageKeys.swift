package import Cryptography
import ImageModel
import LinuxSystem
package import SystemPackage

/// Makes and reads the key files of the builder.
package enum ImageKeys {
    /// Name of the private key's file.
    package static let privateName = "lifeboot.key"
    /// Name of the public key's file.
    package static let publicName = "lifeboot.pub"
    private static let limit = 64 << 10

    /// Makes a key pair in a folder, which is made when missing: `lifeboot.key` (mode 0600) and `lifeboot.pub`.
    ///
    /// - Parameter passphrase: what the private key's file is protected by; nil for nothing but its mode.
    /// - Throws: `ImageBuildError` when either file is there; nothing is overwritten.
    package static func generate(in folder: FilePath, passphrase: [UInt8]? = nil) throws -> PublicKey {
        if try FileStatus.of(folder) == nil { try Folders.makeNew(folder) }
        let key = try SigningKey()
        let publicKey = try key.publicKey()
        let pem = if let passphrase { try key.pem(protectedBy: passphrase) } else { try key.pem() }
        try create(folder.appending(privateName), pem, permissions: .ownerReadWrite)
        do {
            try create(folder.appending(publicName), try publicKey.pem(), permissions: ImageStaging.fileMode)
        } catch {
            // Half a pair helps nobody, and this half is new.
            try? Folders.removeFile(folder.appending(privateName))
            throw error
        }
        return publicKey
    }

    /// Reads a private key, which may be protected.
    ///
    /// - Parameter passphrase: what opens it; not looked at when nothing needs it.
    /// - Throws: `CryptographyError` for a key that cannot be used, `SystemError` when it cannot be read.
    package static func signingKey(_ path: FilePath, passphrase: [UInt8]? = nil) throws -> SigningKey {
        do {
            return try SigningKey(pem: FileBytes.readGiven(path, limit: limit), passphrase: passphrase)
        } catch let error as CryptographyError {
            throw error.about(path.string)
        }
    }

    /// Reads a public key.
    package static func publicKey(_ path: FilePath) throws -> PublicKey {
        do {
            return try PublicKey(pem: FileBytes.readGiven(path, limit: limit))
        } catch let error as CryptographyError {
            throw error.about(path.string)
        }
    }

    private static func create(_ path: FilePath, _ bytes: [UInt8], permissions: FilePermissions) throws {
        do throws(Errno) {
            let file = try OwnedDescriptor(
                opening: path, .writeOnly, options: [.create, .exclusiveCreate], permissions: permissions)
            let descriptor = file.descriptor
            _ = try catchingErrno { try descriptor.writeAll(bytes) }
            try file.close()
        } catch .fileExists {
            throw ImageBuildError(
                "making a key", path.string, "it exists", remedy: "Name another folder; keys are never overwritten.")
        } catch {
            throw ImageBuildError.file("making a key", path, error)
        }
        try Folders.flushEntry(path)
    }
}
