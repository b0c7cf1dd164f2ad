package import ImageModel

/// What is to be installed, as far as it is known before it is fetched.
package struct ImageCandidate: Equatable, Sendable {
    /// How the image comes.
    package enum Kind: String, Equatable, Sendable {
        /// The files of an image: a registry artifact, or an image directory.
        case artifact
        /// The layers of a container image, of which the image is made here.
        case container
    }

    /// What the signatures say.
    package enum Trust: Equatable, Sendable {
        /// The key that vouches for it.
        case signed(String)
        /// There is no signature.
        case unsigned
        /// There are signatures, but none by one of these keys.
        case untrusted([String])
        /// There are signatures, but only in forms that are not read.
        case unread([String])
        /// It is installed here already, and was checked when it was.
        case installed
    }

    /// The reference as it was given.
    package var reference: String
    /// Digest of the manifest that is installed: names the staging folder.
    package var digest: Digest
    /// Digest of the top document, which is what is signed and what the image's manifest names as source.
    package var source: Digest
    /// How it comes.
    package var kind: Kind
    /// The image's id; nil when only making it shows it.
    package var id: ImageID?
    /// The system's name.
    package var name: String
    /// Whether whoever made it gave it that name; else only making an image of it shows what its os-release says.
    package var isNamed = true
    /// The names that the image may turn out to have, once it is made; nil for any.
    package var products: Set<String>?
    /// Its version.
    package var version: String
    /// Its sequence.
    package var sequence: Int64
    /// When it was made, in seconds since 1970; nil when nobody knows.
    package var created: Int64?
    /// The machine type that it is for.
    package var architecture: String
    /// The boards that it is for; none means all.
    package var boards: [String] = []
    /// The oldest agent that can boot it; nil for any.
    package var minimumAgent: AgentVersion?
    /// What its signatures say.
    package var trust: Trust
    /// Whether `manifest.sig` is by a trusted key, so that the initramfs will accept it; false for a container image.
    package var bootsSigned = true
    /// Bytes that the finished image takes.
    package var bytes: Int
    /// Bytes that are needed besides while it is made.
    package var workspace: Int

    /// Describes a candidate; what has a default can be set afterwards.
    package init(
        reference: String, digest: Digest, source: Digest? = nil, kind: Kind, id: ImageID? = nil, name: String,
        version: String, sequence: Int64, architecture: String, trust: Trust, bytes: Int, workspace: Int = 0
    ) {
        self.reference = reference
        self.digest = digest
        self.source = source ?? digest
        self.kind = kind
        self.id = id
        self.name = name
        self.version = version
        self.sequence = sequence
        self.architecture = architecture
        self.trust = trust
        self.bytes = bytes
        self.workspace = workspace
    }

    /// Describes an image that is installed, as if it were to be installed once more.
    ///
    /// - Parameters:
    ///   - reference: what it is called.
    ///   - digest: the digest of its manifest, or of what it is published as.
    package init(installed image: StoreFacts.Image, as reference: String, digest: Digest, on machine: MachineTraits) {
        self.init(
            reference: reference, digest: digest, kind: .artifact, id: image.id, name: image.name ?? "?",
            version: image.version ?? "?", sequence: image.sequence ?? 0, architecture: machine.architecture,
            trust: .installed, bytes: image.bytes)
        created = image.created
    }

    /// How old it is.
    package var age: ImageAge { ImageAge(sequence: sequence, created: created) }

    /// Name and version, for people.
    package var title: String { "\(name) \(version)" }

    /// Says whether a folder holds this very image.
    func isSame(as image: StoreFacts.Image) -> Bool {
        if let id { return image.id == id }
        return image.source == source
    }
}
