import LinuxSystem
package import SystemPackage

/// Pairs a public key with the name of its file.
package struct TrustedKey: Hashable, Sendable {
    /// The longest key file that is read, in bytes: far beyond any P-256 key.
    private static let sizeLimit = 16 << 10

    /// The file's name, for messages.
    package var name: String
    /// The key.
    package var key: PublicKey

    /// Names a key.
    package init(name: String, key: PublicKey) {
        self.name = name
        self.key = key
    }

    /// Reads one key file, which must be there.
    ///
    /// - Throws: `CryptographyError` when it is no key, `SystemError` when it cannot be read.
    package init(file: FilePath) throws {
        let pem = try FileBytes.read(file, limit: Self.sizeLimit)
        do throws(CryptographyError) { key = try PublicKey(pem: pem) } catch { throw error.about(file.string) }
        name = file.lastComponent?.string ?? file.string
    }

    /// Reads every `*.pem` and `*.pub` file of some folders, in name order; a folder need not be there.
    ///
    /// - Throws: as `init(file:)`, and `SystemError` when a folder cannot be read.
    package static func all(in folders: [FilePath]) throws -> [TrustedKey] {
        try folders.flatMap { folder in
            try Folders.names(of: folder).filter { $0.hasSuffix(".pem") || $0.hasSuffix(".pub") }
                .map { try TrustedKey(file: folder.appending($0)) }
        }
    }
}
