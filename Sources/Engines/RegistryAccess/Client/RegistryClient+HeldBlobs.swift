import Cryptography
import ImageModel
import RegistryModel

extension RegistryClient {
    /// The largest blob that is held in memory until its digest is known, in bytes.
    static let longestHeldBlob = 1 << 20

    /// Whether a blob is small, and there is a second place to ask when the first has it wrong.
    func isHeld(_ blob: Descriptor) -> Bool {
        places.count > 1 && (1...Self.longestHeldBlob).contains(blob.size)
    }

    /// Reads a small blob from the first place whose copy has the right digest.
    ///
    /// Nothing is delivered before, so that a mirror's rotten copy costs a request and not the upgrade. The receiver of a
    /// larger blob has its bytes when the digest is known; there is no second place to ask then.
    ///
    /// - Throws: what the last place is told; what `checkpoint` throws.
    mutating func heldBytes(of blob: Descriptor) throws -> [UInt8] {
        let places = places
        for place in places.dropLast() {
            do {
                return try heldBytes(of: blob, at: place)
            } catch let error as RegistryError {
                try giveUp(place, error)
            }
        }
        return try heldBytes(of: blob, at: places.last ?? 0)
    }

    private mutating func heldBytes(of blob: Descriptor, at place: Int) throws -> [UInt8] {
        var progress = BlobProgress(blob, at: 0)
        var bytes: [UInt8] = []
        try stream(&progress, at: place) { piece in bytes.append(contentsOf: piece) }
        let digest = try SHA256Hasher.digest(of: bytes)
        guard digest == blob.digest else { throw wrong(digest, of: blob) }
        return bytes
    }
}
