package import PackageModel
package import SystemPackage

/// A package as its file describes it, with values, conditions and a variant worked in: what a builder starts from.
package struct PackageSpec: Equatable, Sendable {
    /// The folder of its file, relative to the layer's folder; what is in it is mounted at `/build`.
    package var folder: FilePath
    /// Where its name was written: in the file, or in a variant.
    package var place: SpecPlace
    /// The package.
    package var name: PackageName
    /// Its version.
    package var version: PackageVersion
    /// The architecture in Go's words that it was read for; `all` when it runs on any.
    package var architecture: String
    /// The architectures that the file names; empty when it names none, and then it is for any.
    package var architectures: [String] = []
    /// What it is, in a sentence; empty when the file does not say it.
    package var summary = ""
    /// Its licence as an SPDX expression.
    package var license: String?
    /// Where to read about it.
    package var homepage: String?
    /// Further words.
    package var labels: [String: String] = [:]
    /// Whether lists leave it out.
    package var isHidden = false
    /// What has to be in an image with it, in the order of the file.
    package var requires: [Located<PackageRequest>] = []
    /// What must not be in an image with it.
    package var conflicts: [Located<PackageRequest>] = []
    /// Names under which it counts as well.
    package var provides: [Located<PackageRequest>] = []
    /// What makes its files; nil for a package that takes them from its folder, or has none.
    package var build: BuildSpec?
    /// Which files are its content; nil for a package without files.
    package var artefact: ArtefactSpec?
    /// Further packages out of the same build, in the order of the file.
    package var splits: [SplitSpec] = []
    /// Commands that run once in an image, after all packages are in it.
    package var finalize: [Located<String>] = []
    /// The values that the file used for this package, by name; nothing else of the values can change it.
    package var usedValues: [UsedValue] = []
    /// The variables of the environment that the file used, in the order of first use.
    package var environmentUses: [EnvironmentUse] = []

    /// Describes a package; what has a default can be set afterwards.
    package init(
        _ name: PackageName, _ version: PackageVersion, architecture: String, folder: FilePath, place: SpecPlace
    ) {
        self.name = name
        self.version = version
        self.architecture = architecture
        self.folder = folder
        self.place = place
    }

    /// Whether it has no files: only a name for what it requires.
    package var isVirtual: Bool { artefact == nil }

    /// What it says of itself to people and to the solver.
    package var metadata: PackageMetadata {
        var metadata = PackageMetadata(name, version, architecture: architecture)
        metadata.requires = requires.map(\.value)
        metadata.conflicts = conflicts.map(\.value)
        metadata.provides = provides.map(\.value)
        metadata.finalize = finalize.map(\.value)
        metadata.isHidden = isHidden
        metadata.summary = summary
        metadata.license = license
        metadata.homepage = homepage
        metadata.labels = labels
        return metadata
    }

    /// What a package out of its build says of itself: version, architecture, licence, homepage and labels are the
    /// same.
    package func metadata(of split: SplitSpec) -> PackageMetadata {
        var metadata = metadata
        metadata.name = split.name
        metadata.summary = split.summary ?? summary
        (metadata.requires, metadata.conflicts, metadata.provides) = (split.requires.map(\.value), [], [])
        metadata.finalize = []
        return metadata
    }
}

/// A further package out of the same build.
package struct SplitSpec: Equatable, Sendable {
    /// The package.
    package var name: PackageName
    /// Where its name was written.
    package var place: SpecPlace
    /// What it is, in a sentence; nil for what the package says.
    package var summary: String?
    /// What has to be in an image with it.
    package var requires: [Located<PackageRequest>] = []
    /// Globs of the paths that go into it, and no more into the package that it is split off.
    package var include: [String]

    /// Describes a package; what has a default can be set afterwards.
    package init(_ name: PackageName, place: SpecPlace, include: [String]) {
        self.name = name
        self.place = place
        self.include = include
    }
}
