package import ImageModel
package import PackageModel
package import SystemPackage

/// What `derivative.yaml` says: the image of a layer, with values and conditions worked in.
package struct DerivativeSpec: Equatable, Sendable {
    /// The file's name in the layer's folder.
    package static let fileName: FilePath.Component = "derivative.yaml"
    /// The folder of the layer that steps find at `/build`; a layer need not have it.
    package static let stepsFolder: FilePath = "build"

    /// The system's name.
    package var name = ""
    /// Its version.
    package var version = ""
    /// Where the name was written.
    package var place: SpecPlace
    /// A number that grows with each release; nil takes the time of the build.
    package var sequence: Int64?
    /// What it lies on; nil is an image of packages alone.
    package var base: DerivativeBase?
    /// The packages that are in it, with all that they require.
    package var packages: [Located<PackageRequest>] = []
    /// Folders of the layer that are copied in.
    package var files: [DerivativeFiles] = []
    /// The environment of `steps` and `finalize`.
    package var environment: [String: String] = [:]
    /// Whether `steps` reach the network; `finalize` never does.
    package var hasNetwork = false
    /// Commands that run when packages and files are there.
    package var steps: [Located<String>] = []
    /// Commands that run last, after those of the packages.
    package var finalize: [Located<String>] = []
    /// Lines of os-release that are replaced or added.
    package var release: [String: String] = [:]
    /// The folder of the layer with OEM defaults.
    package var oem: FilePath?
    /// The folder of the layer with health checks: `required` and `wanted`.
    package var health: FilePath?
    /// The layout of machines.
    package var layout: FilePath?
    /// Public keys, and folders with such, that machines take images of.
    package var keys: [FilePath] = []
    /// The kernel to take; nil takes the newest.
    package var kernelVersion: String?
    /// The kernel's arguments.
    package var kernelArguments: [String] = []
    /// Boards that the image fits; none means all.
    package var boards: [String] = []
    /// The oldest agent that can boot the image.
    package var minimumAgent: AgentVersion?
    /// Globs of what two builds may have otherwise, and of what the image therefore has nothing.
    package var unreproducible: [String] = []
    /// What checks accept.
    package var checks = DerivativeChecks()
    /// Sizes of partitions that the image has to fit into, in bytes.
    package var sizes: [String: Int64] = [:]
    /// The values that the file used, by name.
    package var usedValues: [UsedValue] = []
    /// The variables of the environment that the file used, in the order of first use.
    package var environmentUses: [EnvironmentUse] = []

    /// A file that says nothing.
    package init(place: SpecPlace) { self.place = place }
}

/// A folder of the layer that is copied into an image.
package struct DerivativeFiles: Equatable, Sendable {
    /// The folder, relative to the layer's.
    package var source: FilePath
    /// The folder in the image.
    package var target: FilePath

    /// Pairs both.
    package init(source: FilePath, target: FilePath) {
        self.source = source
        self.target = target
    }
}

/// What the checks of an image accept.
package struct DerivativeChecks: Equatable, Sendable {
    /// Names of checks whose findings are accepted (docs/image-checks.md).
    package var allowed: [String] = []
    /// Globs of programs that run as their owner or group; nil only reports all of them.
    package var setuid: [String]?
    /// Globs of what everybody may write; nil only reports all of it.
    package var worldWritable: [String]?

    /// Accepts nothing.
    package init() {}
}
