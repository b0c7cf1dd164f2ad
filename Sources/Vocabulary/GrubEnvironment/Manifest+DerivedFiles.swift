package import ImageModel

extension Manifest {
    /// Makes the files of an image directory that are derived from the manifest: `kernel.env` and `boot.sha256`.
    ///
    /// Whoever writes an image directory writes them: the builder into a disk, the agent into a staging folder.
    ///
    /// - Throws: when the kernel arguments do not fit an environment block.
    package func derivedFiles() throws(EnvironmentBlockError) -> [(file: ImageFile, bytes: [UInt8])] {
        [
            (.kernelEnvironment, try EnvironmentBlock.kernelArguments(kernelArguments, title: menuTitle)),
            (.bootDigests, bootDigests),
        ]
    }
}

extension Manifest {
    /// The most bytes of a title; `grub.cfg` takes no longer one.
    package static let menuTitleLimit = 40

    /// Name and version as GRUB's list of choices shows them, as in `ACME 3.0`; nil when nothing of them can be shown.
    ///
    /// In capitals, because a serial line that sends everything back must choose nothing: its keys are small letters.
    package var menuTitle: String? { Self.menuTitle(name: name, version: version) }

    /// The same of an image that is named so.
    package static func menuTitle(name: String, version: String) -> String? {
        let bytes = "\(name) \(version)".utf8.prefix(menuTitleLimit).map(menuByte)
        let title = bytes.drop { !isLetterOrDigit($0) }
        return title.isEmpty ? nil : String(decoding: title, as: UTF8.self)
    }

    /// The byte itself, its capital, or a dash for what `grub.cfg` does not take.
    private static func menuByte(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x20
        case UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"): byte
        default: isLetterOrDigit(byte) ? byte : UInt8(ascii: "-")
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
