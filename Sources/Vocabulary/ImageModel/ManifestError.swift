package import Faults

/// Says what is wrong in a manifest, and where.
package typealias ManifestError = Fault<ManifestFault>

/// Names the place of a fault in a manifest.
package struct ManifestFault: FaultKind {
    /// The place as a JSON path, `$.root.verity.salt`; `$` alone for the text itself.
    package var path: String

    /// A schema that this agent does not know.
    package var refusal: RefusalKind? { path == "$.schema" ? .schema : nil }
}

extension ManifestError {
    /// The place as a JSON path.
    package var path: String { kind.path }

    /// Locates a fault.
    package init(
        _ path: String, _ reason: String, remedy: String = "Build the image again or fetch it from its source again."
    ) {
        self.init(
            ManifestFault(path: path), "reading", ImageFile.manifest.rawValue, cause: "\(path): \(reason)",
            remedy: remedy)
    }
}
