package import ArgumentParser
import SystemPackage
package import TransactionPlanning
package import Transactions

/// The options that say how the persistent partition is encrypted.
package struct KeyOptions: ParsableArguments {
    @Flag(help: "Make the persistent partition an encrypted one (LUKS2).")
    package var encrypt = false

    @Option(
        help: ArgumentHelp(
            "The key: all bytes of a file, which is copied to the OEM partition for the initramfs.", valueName: "file"),
        completion: .file())
    package var keyFile: String?

    @Option(help: ArgumentHelp("The passphrase: the first line of a file.", valueName: "file"), completion: .file())
    package var passphraseFile: String?

    /// Starts with the defaults.
    package init() {}

    /// Rejects two keys.
    package func validate() throws {
        if keyFile != nil, passphraseFile != nil {
            throw ValidationError("Give either --key-file or --passphrase-file.")
        }
    }

    /// The key that was given.
    package var key: GivenKey? {
        keyFile.map { .keyFile(FilePath($0)) } ?? passphraseFile.map { .passphraseFile(FilePath($0)) }
    }

    /// How the partition is made; nil when the options say nothing about it.
    package var protection: PersistentProtection? {
        if keyFile != nil { return .keyFile }
        if passphraseFile != nil { return .passphrase }
        return encrypt ? .storedKey : nil
    }
}
