package import ImageModel

/// What the bill of the software (SBOM) of an image or a program says, before it has a form.
package struct SoftwareBill: Sendable {
    /// What the image was built from.
    package struct Base: Equatable, Sendable {
        /// A name without the version: a repository with its host, or the name of a file.
        package var name: String
        /// The tag, or nil when it has none.
        package var tag: String?
        /// Digest of the container image's document, or of the archive.
        package var digest: Digest
        /// Whether it is a container image; else an archive.
        package var isContainer: Bool

        /// Describes a base.
        package init(_ name: String, tag: String? = nil, digest: Digest, isContainer: Bool) {
            self.name = name
            self.tag = tag
            self.digest = digest
            self.isContainer = isContainer
        }
    }

    /// The program that makes the bill, with its version, as `boatyard-1.0.0`.
    package var tool: String
    /// Who publishes the image; nil when nobody said it.
    package var organization: String?
    /// What the bill is about.
    package var subject: BilledSubject
    /// What it was built from; nil when that has no digest.
    package var base: Base?
    /// What is installed, sorted.
    package var packages: [InstalledSoftware]
    /// What could not be read, sentences without full stop.
    package var notes: [String]

    /// Describes a bill.
    package init(
        of subject: BilledSubject, tool: String, organization: String? = nil, base: Base? = nil,
        packages: [InstalledSoftware], notes: [String] = []
    ) {
        self.subject = subject
        self.tool = tool
        self.organization = organization
        self.base = base
        self.packages = packages
        self.notes = notes
    }

    /// The document's name.
    var name: String { "\(subject.name)-\(subject.version)" }

    /// The identifier that no other document has: by the digest of the image's root, because the image's id is made of a
    /// manifest that has the bill's own digest.
    ///
    /// Below an organization that is named by its host, else where SPDX has a place for those without one.
    var namespace: String {
        let host = organization.flatMap { Self.isHost($0) ? "https://\($0.lowercased())/spdx" : nil }
        let name = PackageURL.encoded(name)
        return "\(host ?? "https://spdx.org/spdxdocs")/\(name)-\(subject.digest.hex.prefix(16))"
    }

    /// Says whether a text is the name of a host: at least two words of letters, digits and `-` with dots between them.
    static func isHost(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1 && text.utf8.count <= 253
            && parts.allSatisfy { part in
                !part.isEmpty && part.first != "-" && part.last != "-"
                    && part.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D
                    }
            }
    }
}
