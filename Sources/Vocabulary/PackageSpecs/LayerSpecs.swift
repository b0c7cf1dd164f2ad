/// A layer as its files describe it for one architecture.
package struct LayerSpecs: Equatable, Sendable {
    /// What `boatyard.yaml` says.
    package var layer: LayerFile
    /// The packages that can be built for the architecture, by name, then by version.
    package var packages: [PackageSpec]
    /// Packages that are for other architectures only.
    package var elsewhere: [PackageElsewhere]

    /// Describes a layer.
    package init(_ layer: LayerFile, packages: [PackageSpec] = [], elsewhere: [PackageElsewhere] = []) {
        self.layer = layer
        self.packages = packages
        self.elsewhere = elsewhere
    }
}

/// A package that its file keeps from the architecture that is built for.
package struct PackageElsewhere: Equatable, Sendable {
    /// Its name and version, for people.
    package var identity: String
    /// The architectures that it is for.
    package var architectures: [String]
    /// Where they were written.
    package var place: SpecPlace

    /// Describes a package.
    package init(_ identity: String, architectures: [String], place: SpecPlace) {
        self.identity = identity
        self.architectures = architectures
        self.place = place
    }
}
