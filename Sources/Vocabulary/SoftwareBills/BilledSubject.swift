package import ImageModel

/// What a bill of software is about: an image, or a program.
package struct BilledSubject: Sendable {
    /// What it is, which decides how it is called in the document.
    package enum Kind: Sendable {
        /// A system that contains packages.
        case image
        /// An executable with libraries inside.
        case program
    }

    /// What it is.
    package var kind: Kind
    /// Its name.
    package var name: String
    /// Its version.
    package var version: String
    /// When it was made.
    package var createdAt: UTCTime
    /// Digest of the image's root, or of the executable.
    package var digest: Digest
    /// The distribution that its packages are of, as `debian`; nil when none is known.
    package var distribution: String?
    /// The release of the distribution, as `bookworm`.
    package var release: String?

    /// Describes a program, whose libraries are of a distribution.
    package init(
        program name: String, version: String, createdAt: UTCTime, digest: Digest, distribution: String? = nil,
        release: String? = nil
    ) {
        kind = .program
        self.name = name
        self.version = version
        self.createdAt = createdAt
        self.digest = digest
        self.distribution = distribution
        self.release = release
    }

    /// Describes an image by its manifest.
    package init(_ manifest: Manifest) {
        kind = .image
        name = manifest.name
        version = manifest.version
        createdAt = manifest.createdAt
        digest = manifest.root.sha256
        distribution = manifest.osRelease("ID")?.lowercased()
        release = manifest.osRelease("VERSION_CODENAME") ?? manifest.osRelease("VERSION_ID")
    }

    /// How the document calls it.
    var id: String {
        switch kind {
        case .image: SPDXDocument.image
        case .program: "SPDXRef-Program"
        }
    }

    /// What SPDX calls its purpose.
    var purpose: String {
        switch kind {
        case .image: "OPERATING-SYSTEM"
        case .program: "APPLICATION"
        }
    }

    /// What it does with what is in it.
    var relation: String {
        switch kind {
        case .image: "CONTAINS"
        case .program: "STATIC_LINK"
        }
    }

    /// Where the list of what is in it comes from, for people.
    var origin: String {
        switch kind {
        case .image: "Packages are those that dpkg, apk and boatyard list."
        case .program: "Packages are those that are linked into it statically."
        }
    }
}
