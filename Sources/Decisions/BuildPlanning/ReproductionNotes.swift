package import PackageSpecs

/// What is known before anything is compared of why two builds of an image may not be equal.
package struct ReproductionNotes: Equatable, Sendable {
    /// The most names of one note.
    private static let shown = 20

    /// A sentence each, without a full stop.
    package let sentences: [String]

    /// Looks at the files of a layer.
    ///
    /// - Parameters:
    ///   - derivative: nil for a Containerfile.
    ///   - packages: those of the layer that the image is made of.
    ///   - hasTime: whether somebody said which time the image is to name.
    package init(_ derivative: DerivativeSpec?, packages: [PackageSpec], hasTime: Bool) {
        let networked = packages.filter { $0.build?.hasNetwork == true }.map { "\($0.name)" }
        let steps = derivative.flatMap { $0.hasNetwork && !$0.steps.isEmpty ? $0.place : nil }
        let excluded = derivative?.unreproducible ?? []
        sentences = [
            networked.isEmpty
                ? nil
                : "built with a network, where another cache may have got something else: \(Self.list(networked))",
            steps.map { "\($0.file): its steps reach the network, and may get something else in the next build" },
            excluded.isEmpty
                ? nil : "left out of what steps make, for 'reproducible.exclude' names it: \(Self.list(excluded))",
            hasTime
                ? nil
                : "the image names the time of this build, and the next one another, for SOURCE_DATE_EPOCH is not set",
        ].compactMap(\.self)
    }

    private static func list(_ names: [String]) -> String {
        let sorted = names.sorted()
        return sorted.prefix(shown).joined(separator: ", ")
            + (sorted.count > shown ? " and \(sorted.count - shown) more" : "")
    }
}
