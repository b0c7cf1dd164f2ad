/// Computes the CRC-32 of ISO 3309 (polynomial 0xEDB88320, as in gzip and in partition tables).
package enum CRC32 {
    /// The checksum of some bytes; for kilobytes, not for images.
    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 {
                let carry: UInt32 = crc & 1 == 1 ? 0xEDB8_8320 : 0
                crc = (crc >> 1) ^ carry
            }
        }
        return ~crc
    }
}
