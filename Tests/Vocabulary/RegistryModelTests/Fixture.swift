import ImageModel
import SeededNumbers

@testable import RegistryModel

/// A digest of one repeated byte.
// swift-format-ignore: NeverForceUnwrap
func digest(_ byte: UInt8) -> Digest { Digest(bytes: [UInt8](repeating: byte, count: 32))! }

/// A document whose digest does not matter.
func document(_ text: String, _ mediaType: String = MediaType.manifest) -> ManifestDocument {
    ManifestDocument(mediaType: mediaType, bytes: Array(text.utf8), digest: digest(0))
}

/// The text of a descriptor.
func descriptor(_ byte: UInt8, size: String = "7", more: String = "") -> String {
    #"{"mediaType":"application/octet-stream","digest":"sha256:\#(digest(byte).hex)","size":\#(size)\#(more)}"#
}

extension String {
    /// Seeded copies with bytes replaced, removed, repeated or cut off: what a parser must survive.
    func mutations(seed: UInt64, count: Int = 3_000) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        let interesting = Array("\"\\{}[]:,=@/.-_ \u{0}09azAZ%".utf8) + [0x7F, 0x80, 0xC3, 0xFF]
        return (0..<count).map { _ in
            var copy = Array(utf8)
            for _ in 0...Int.random(in: 0...3, using: &generator) where !copy.isEmpty {
                let place = Int.random(in: copy.indices, using: &generator)
                switch Int.random(in: 0...4, using: &generator) {
                case 0: copy[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: copy[place] = interesting.randomElement(using: &generator) ?? 0
                case 2: copy.remove(at: place)
                case 3: copy.insert(contentsOf: copy[place...].prefix(9), at: place)
                default: copy.removeSubrange(place...)
                }
            }
            return copy
        }
    }
}
