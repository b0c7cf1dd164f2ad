/// Names the files beside an image that say what is in it and how it was made (docs/sbom.md); no machine needs them.
package enum ImageDocument: String, CaseIterable, Sendable {
    /// The bill of its software, in SPDX.
    case sbom = "sbom.spdx.json"
    /// The statement of how it was built, in SLSA's form.
    case provenance = "provenance.json"

    /// Its media type, in a registry.
    package var mediaType: String {
        switch self {
        case .sbom: "application/spdx+json"
        case .provenance: "application/vnd.in-toto+json"
        }
    }
}

extension Manifest {
    /// The digest that a document must have; nil when the image has none of the kind.
    package func digest(of document: ImageDocument) -> Digest? {
        switch document {
        case .sbom: sbom
        case .provenance: provenance
        }
    }
}
