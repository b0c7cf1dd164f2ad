package import PackageModel

/// Asks for a package, and says who asks.
package struct PlacedRequest: Hashable, Sendable {
    /// What is asked for.
    package var request: PackageRequest
    /// Who asks, for people: `harbour/derivative.yaml:6`, or `the command line`.
    package var origin: String

    /// Puts a request and its origin together.
    package init(_ request: PackageRequest, from origin: String) {
        self.request = request
        self.origin = origin
    }

    /// Joins equal requests of several origins, and orders them by their text: who asks first makes no difference.
    package static func joined(_ requests: [PlacedRequest]) -> [PlacedRequest] {
        var origins: [PackageRequest: [String]] = [:]
        for placed in requests where origins[placed.request]?.contains(placed.origin) != true {
            origins[placed.request, default: []].append(placed.origin)
        }
        return origins.map { PlacedRequest($0.key, from: WordList.of($0.value.sorted())) }
            .sorted { $0.request.description < $1.request.description }
    }
}

/// Names a package in one or more of its versions.
package struct NamedVersions: Hashable, Sendable, CustomStringConvertible {
    /// The package.
    package var name: PackageName
    /// The versions, best first.
    package var versions: [PackageVersion]

    /// Names versions of a package.
    package init(_ name: PackageName, _ versions: [PackageVersion]) {
        self.name = name
        self.versions = versions
    }

    /// `app/teller 2.0`, or `app/teller 2.0, 1.9 and 4 more`.
    package var description: String { "\(name) \(WordList.of(versions.map(\.description)))" }

    /// The verb that goes with it.
    var verb: String { versions.count > 1 ? "are" : "is" }
}

/// Words lists for people.
enum WordList {
    private static let shown = 4

    /// `a`, `a and b`, `a, b, c and d`, `a, b, c and 12 more`.
    static func of(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        if words.count <= shown { return words.dropLast().joined(separator: ", ") + " and \(last)" }
        return words.prefix(shown - 1).joined(separator: ", ") + " and \(words.count - shown + 1) more"
    }
}
