package import ImageModel
package import PackageModel
package import RegistryModel
package import SystemPackage

/// How the files of a package are made in a container.
package struct BuildSpec: Equatable, Sendable {
    /// What the container starts from; nil only with a Containerfile, whose own FROM lines say it.
    package var base: BuildBase?
    /// What is downloaded before the container starts.
    package var fetches: [BuildFetch] = []
    /// What is copied in from packages and images, before the steps.
    package var copies: [BuildCopy] = []
    /// The environment of all steps.
    package var environment: [String: String] = [:]
    /// Whether the steps reach the network.
    package var hasNetwork = false
    /// What is mounted below `/run/secrets`, and is in no key.
    package var secrets: [BuildSecret] = []
    /// Commands that run before; what they change does not count as content.
    package var prepare: [Located<String>] = []
    /// Commands, each one `/bin/sh -ec`.
    package var steps: [Located<String>] = []
    /// A Containerfile instead of steps, relative to the package's folder.
    package var containerfile: Located<FilePath>?
    /// What the Containerfile says, with values put in; nil when nobody gave its text.
    package var containerText: String?
    /// The images that the Containerfile names, besides one that `base` replaces.
    package var containerImages: [Located<SourceReference>] = []

    /// Whether the commands before find the package's folder; only when one names it, so that a change in the folder does
    /// not run the others again.
    package var preparesInFolder: Bool { prepare.contains { $0.value.contains("/build") } }

    /// A build that does nothing.
    package init() {}
}

/// What a container starts from.
package enum BuildBase: Equatable, Sendable {
    /// No files at all.
    case nothing
    /// An image, with packages laid on it in the solver's order; at least one of both is there.
    case layers(image: Located<SourceReference>?, packages: [Located<PackageRequest>])
    /// The container in which another package was built, with its tools and all.
    case buildContainer(of: Located<PackageRequest>)
}

/// A download that is checked before anything uses it.
package struct BuildFetch: Equatable, Sendable {
    /// The address: http or https.
    package var url: String
    /// SHA-256 of the bytes; nil leaves it to the lock file.
    package var digest: Digest?
    /// Where it goes: absolute in the container, where it counts as content, or else below `/build`.
    package var target: FilePath
    /// Where it was written.
    package var place: SpecPlace

    /// Describes a download.
    package init(url: String, digest: Digest?, target: FilePath, place: SpecPlace) {
        self.url = url
        self.digest = digest
        self.target = target
        self.place = place
    }
}

/// What is copied into the container from elsewhere.
package struct BuildCopy: Equatable, Sendable {
    /// Where files come from.
    package enum Origin: Equatable, Sendable {
        /// The artefact of a package.
        case package(PackageRequest)
        /// A container image.
        case image(SourceReference)
    }

    /// Where they come from.
    package var origin: Located<Origin>
    /// The absolute path there.
    package var source: FilePath
    /// The absolute path in the container.
    package var destination: FilePath

    /// Describes a copy.
    package init(_ origin: Located<Origin>, source: FilePath, destination: FilePath) {
        self.origin = origin
        self.source = source
        self.destination = destination
    }
}

/// Something that steps may read and that must not be kept: it is in no key, no log and no layer.
package struct BuildSecret: Equatable, Sendable {
    /// Where it is on the build machine.
    package enum Origin: Equatable, Sendable {
        /// A file; a relative path is below the layer's folder.
        case file(FilePath)
        /// A variable of boatyard's environment.
        case variable(String)
    }

    /// Its name below `/run/secrets`.
    package var name: String
    /// Where it comes from.
    package var origin: Origin
    /// Where it was written.
    package var place: SpecPlace

    /// Describes a secret.
    package init(_ name: String, _ origin: Origin, place: SpecPlace) {
        self.name = name
        self.origin = origin
        self.place = place
    }
}
