package import SystemPackage

/// Identifies an image: the first 16 hexadecimal digits of the SHA-256 of its `manifest.json`.
///
/// It is a folder name on the state and recovery partitions and a value in the boot environment.
package struct ImageID: Hashable, Sendable, CustomStringConvertible {
    /// Number of hexadecimal digits.
    package static let length = 16

    /// The digits, lower case.
    package let description: String

    /// Takes exactly 16 lower-case hexadecimal digits; nil for anything else, so that no path can be smuggled in.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, Hexadecimal.bytes(of: text) != nil else { return nil }
        description = text
    }

    /// Takes digits that are already known to be right.
    init(digits: String) { description = digits }
}

/// A complete image in a staging folder: all files written, flushed and read back; only its final name is missing.
package struct DeployableImage: Equatable, Sendable {
    /// The image's id, from its manifest.
    package var id: ImageID
    /// What the image is.
    package var manifest: Manifest
    /// The folder with the files.
    package var directory: FilePath

    /// Describes a staged image.
    package init(id: ImageID, manifest: Manifest, directory: FilePath) {
        self.id = id
        self.manifest = manifest
        self.directory = directory
    }
}

/// Names what an image is for on this machine; also the suffix of the variables shared with GRUB.
package enum Role: String, CaseIterable, Sendable {
    /// The image that boots by default.
    case active
    /// The newest image known good: what runs when active does not.
    case passive
    /// The image that repairs the machine, on a partition of its own.
    case recovery
}
