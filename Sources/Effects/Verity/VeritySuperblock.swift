import ImageModel

/// Writes cryptsetup's superblock of a hash tree (`struct verity_sb` in its lib/verity/verity.c).
enum VeritySuperblock {
    /// The most bytes of salt.
    static let maximumSalt = 256

    /// The block in front of the tree; nil when the UUID or the salt is none.
    static func block(_ parameters: VerityParameters) -> [UInt8]? {
        let uuid = parameters.uuid.utf8.filter { $0 != UInt8(ascii: "-") }
        guard uuid.count == 32, let uuid = Hexadecimal.bytes(of: String(decoding: uuid, as: UTF8.self)),
            parameters.salt.count <= maximumSalt
        else { return nil }
        var block: [UInt8] = Array("verity".utf8) + [0, 0]
        // Version of the superblock and of the format.
        block += littleEndian(1, 4) + littleEndian(1, 4) + uuid
        block += padded(Array(parameters.algorithm.utf8), 32)
        block += littleEndian(parameters.dataBlockSize, 4) + littleEndian(parameters.hashBlockSize, 4)
        block += littleEndian(parameters.dataBlocks, 8) + littleEndian(parameters.salt.count, 2)
        block += padded([], 6) + padded(parameters.salt, maximumSalt)
        return padded(block, parameters.hashBlockSize)
    }

    private static func littleEndian(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func padded(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        bytes + Array(repeating: 0, count: max(0, count - bytes.count))
    }
}
