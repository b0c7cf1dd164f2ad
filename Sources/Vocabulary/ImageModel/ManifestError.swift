/// Says what is wrong in a manifest, and where.
package struct ManifestError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The place as a JSON path, `$.root.verity.salt`; `$` alone for the text itself.
    package var path: String
    /// What was found or expected.
    package var reason: String
    /// What the operator can do.
    package var remedy: String

    /// One line: operation, place, cause and remedy.
    package var description: String { "reading \(ImageFile.manifest.rawValue): \(path): \(reason). \(remedy)" }

    /// Locates a fault.
    package init(
        _ path: String, _ reason: String, remedy: String = "Build the image again or fetch it from its source again"
    ) {
        self.path = path
        self.reason = reason
        self.remedy = remedy
    }
}
