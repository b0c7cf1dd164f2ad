package import BuildPlanning
package import ImageModel
package import PackageSpecs

/// A package that a build lies on.
package struct BasePart: Equatable, Sendable {
    /// Its artefact.
    package var output: BuildOutput
    /// Globs of what it may replace of packages below it.
    package var overrides: [String]
    /// What it was built on, all the way down: names of packages, and digests of images.
    package var builtOn: Set<String>
    /// Where it was published; nil for one that was built here.
    package var origin: PublishedPackage?

    /// Describes a part.
    package init(
        _ output: BuildOutput, overrides: [String] = [], builtOn: Set<String> = [], origin: PublishedPackage? = nil
    ) {
        self.output = output
        self.origin = origin
        self.overrides = overrides
        self.builtOn = builtOn
    }
}

/// All that is needed to build one package.
package struct BuildOrder: Sendable {
    /// What to do.
    package var package: PackageSpec
    /// What it is built from and in.
    package var surroundings: BuildSurroundings
    /// The artefacts that lie on the base, lowest first.
    package var base: [BasePart]
    /// The artefacts that files are copied from, in the order of the file's copies of packages.
    package var copies: [BasePart]
    /// What enters the key of the build.
    package var inputs: BuildInputs
    /// That key, hexadecimal digits.
    package var buildKey: String
    /// Whether the container is kept, because another package is built in it.
    package var keepsContainer: Bool
}

/// Makes the artefacts of packages.
package protocol PackageMaking: Sendable {
    /// What of a package's folder counts, in byte order of paths.
    func files(of package: PackageSpec) throws -> [BuildSurroundings.File]

    /// Whether the container of a build is there, for packages that are built in it.
    ///
    /// - Parameter key: of the build.
    func hasContainer(_ key: String) throws -> Bool

    /// Builds a package: itself first, then what is split off.
    func make(_ order: BuildOrder) throws -> [BuildOutput]
}

/// What the lock says of images and downloads, and the layer of accounts.
package struct BuildPins: Equatable, Sendable {
    /// Manifests by the references of the files.
    package var images: [String: Digest] = [:]
    /// Downloads by their addresses.
    package var fetches: [String: Digest] = [:]
    /// Accounts that every base has.
    package var accounts: [String: UInt32] = [:]
    /// The architecture that is built for, in Go's words.
    package var architecture: String
    /// The time that steps see as now, in seconds since 1970.
    package var epoch: Int64

    /// Pins nothing.
    package init(architecture: String, epoch: Int64) {
        self.architecture = architecture
        self.epoch = epoch
    }
}
