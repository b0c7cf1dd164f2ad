package import Faults

/// Says what is wrong in a reference, a document or a setting of a registry.
package typealias RegistryModelError = Fault<RegistryModelFault>

/// Names what is wrong.
package enum RegistryModelFault: FaultKind {
    /// A reference to an image, or to a source of images.
    case reference
    /// A document of a registry, or a file with credentials.
    case document
    /// A header of an answer.
    case header
}

extension String {
    /// The text for a message: at most 100 characters, what cannot be printed replaced, in single quotes.
    ///
    /// Texts from a registry or a header are quoted with this, so that no message writes control characters.
    package var quoted: String {
        let printable = unicodeScalars.prefix(100).map { scalar -> Character in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : Character(scalar)
        }
        return "'" + String(printable) + (unicodeScalars.count > 100 ? "…'" : "'")
    }
}
