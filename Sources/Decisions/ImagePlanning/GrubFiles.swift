package import GrubEnvironment
package import ImageModel

/// Names where GRUB's files lie on the boot partition (docs/decisions/0013-grub-in-two-copies.md).
package enum GrubPlaces {
    /// The selector, which GRUB reads first.
    package static let selector = "/grub/grub.cfg"
    /// The selector while it is written over another configuration.
    package static let newSelector = "/grub/select.new"
    /// The block that says which copy is in use.
    package static let selection = "/lifeboot/grub.env"
    /// The block with the hash of the password for GRUB's editor and shell; absent without one.
    package static let password = "/lifeboot/password.env"
    /// The variable in it that GRUB reads.
    package static let passwordVariable = "lifeboot_password"

    /// Where a file for UEFI is written before it gets its name, and where the one that had the name stays.
    package static func new(_ path: String) -> String {
        path.dropLast(3) + (path.hasSuffix("EFI") ? "NEW" : "new")
    }

    /// The folder of a copy.
    package static func folder(_ copy: GrubCopy) -> String { "/grub/\(copy.rawValue)" }
}

/// One version of GRUB's configuration, as the files of a copy.
package struct GrubConfiguration: Equatable, Sendable {
    /// Grows with each change of GRUB's files.
    package var version: Int
    /// The bytes of `grub.cfg`.
    package var text: [UInt8]

    /// The line that a configuration ends with, so that the selector knows that it was read to the end.
    package static let lastLine = Array("set lifeboot_complete=1\n".utf8)

    /// Describes a configuration.
    package init(version: Int, text: [UInt8]) {
        self.version = version
        self.text = text
    }

    /// The whole configuration of an older disk as a copy: version 0, with the last line that a copy needs.
    package init(adopting text: [UInt8]) {
        self.init(version: 0, text: text + [0x0A] + Self.lastLine)
    }

    /// The files of a copy; the digest file last, so that a copy that was cut has none that fits.
    ///
    /// - Parameter digest: the SHA-256 of `text`.
    package func files(digest: Digest) -> [(name: String, bytes: [UInt8])] {
        [
            ("grub.cfg", text), ("version", Array("\(version)\n".utf8)),
            ("grub.sha256", Array("\(digest)  grub.cfg\n".utf8)),
        ]
    }

    /// Reads a `version` file: one number that is not negative.
    package static func version(parsing bytes: [UInt8]) -> Int? {
        let text = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        return Int(text).flatMap { $0 >= 0 ? $0 : nil }
    }
}
