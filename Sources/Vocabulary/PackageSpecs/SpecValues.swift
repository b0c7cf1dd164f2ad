/// Who said a value, from the weakest to the strongest.
package enum ValueOrigin: Equatable, Sendable, CustomStringConvertible {
    /// The default in the package's own file.
    case package(SpecPlace)
    /// `values` of the layer's `boatyard.yaml`.
    case layer(SpecPlace)
    /// A file of the folder `values`.
    case flavour(SpecPlace)
    /// The command line.
    case option
    /// The variant that is read: what makes it one is no default, so that nothing overrides it.
    case variant(SpecPlace)

    /// Words for people.
    package var description: String {
        switch self {
        case .package(let place), .layer(let place), .flavour(let place), .variant(let place): "\(place)"
        case .option: "--set"
        }
    }
}

/// A value with the origin that won.
package struct SpecValue: Equatable, Sendable {
    /// The text.
    package var text: String
    /// Who said it.
    package var origin: ValueOrigin

    /// Describes a value.
    package init(_ text: String, from origin: ValueOrigin) {
        self.text = text
        self.origin = origin
    }
}

/// A value that a file used in a text or in a condition.
package struct UsedValue: Equatable, Sendable {
    /// Its name, without `values.` in front.
    package var name: String
    /// What it was.
    package var value: SpecValue

    /// Describes a use.
    package init(_ name: String, _ value: SpecValue) {
        self.name = name
        self.value = value
    }
}

/// A variable of the environment that a file used as `${env:NAME}`.
package struct EnvironmentUse: Equatable, Sendable {
    /// The variable.
    package var name: String
    /// Where it was used first.
    package var place: SpecPlace

    /// Describes a use.
    package init(_ name: String, at place: SpecPlace) {
        self.name = name
        self.place = place
    }
}

/// All that a package's file is read with besides itself.
package struct SpecContext: Sendable {
    /// The architecture that is built for, in Go's words.
    package var architecture: String
    /// boatyard's own environment, for `${env:NAME}`.
    package var environment: [String: String]
    /// Values of the layer, of flavours and of the command line: of each name only the strongest.
    package var values: [String: SpecValue]

    /// Describes a context.
    package init(architecture: String, environment: [String: String] = [:], values: [String: SpecValue] = [:]) {
        self.architecture = architecture
        self.environment = environment
        self.values = values
    }
}
