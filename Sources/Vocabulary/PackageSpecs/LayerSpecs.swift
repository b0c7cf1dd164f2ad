import Faults
import PackageModel

/// A layer as its files describe it for one architecture.
package struct LayerSpecs: Equatable, Sendable {
    /// What `boatyard.yaml` says.
    package var layer: LayerFile
    /// The packages that can be built for the architecture, by name, then by version.
    package var packages: [PackageSpec]
    /// The image of the layer; nil for one of packages alone.
    package var derivative: DerivativeSpec?
    /// Packages that are for other architectures only.
    package var elsewhere: [PackageElsewhere]
    /// The names of the values that its files use or give a default.
    package var valueNames: Set<String>

    /// Joins what the files of packages say.
    ///
    /// - Throws: `SpecError` that names both places for two packages with one name and one version.
    package init(
        _ layer: LayerFile, _ readings: [PackageReading], derivative: DerivativeSpec? = nil
    ) throws(SpecError) {
        self.layer = layer
        self.derivative = derivative
        packages = readings.flatMap(\.packages).sorted(by: Self.isBefore)
        elsewhere = readings.flatMap(\.elsewhere)
        valueNames = Set(layer.values.keys).union(readings.flatMap(\.valueNames))
            .union(derivative?.usedValues.map(\.name) ?? [])
        try checkIdentities()
        try checkBase()
    }

    /// A layer of one package, which no file describes.
    package init(_ layer: LayerFile, of package: PackageSpec) {
        self.layer = layer
        (packages, elsewhere, valueNames) = ([package], [], [])
    }

    private static func isBefore(_ one: PackageSpec, _ other: PackageSpec) -> Bool {
        if one.name != other.name { return one.name < other.name }
        let order = one.version.compared(to: other.version)
        return order == 0 ? one.version.description < other.version.description : order < 0
    }

    private func checkIdentities() throws(SpecError) {
        var places: [String: SpecPlace] = [:]
        for package in packages {
            let names = [(package.name, package.place)] + package.splits.map { ($0.name, $0.place) }
            for (name, place) in names {
                let identity = "\(name) \(package.version)"
                guard let other = places.updateValue(place, forKey: identity) else { continue }
                throw SpecError(
                    .twice, "reading the packages", identity, cause: "it is in \(other) and in \(place)",
                    remedy: "Rename one of them, or give it another version.")
            }
        }
    }

    /// The names of values that flavours or the command line set and that nothing here knows: most likely misspelt.
    package func unknownSettings(_ context: SpecContext) -> [String] {
        context.values.filter { name, value in
            switch value.origin {
            case .flavour, .option: !valueNames.contains(name)
            case .package, .layer, .variant: false
            }
        }.keys.sorted()
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
