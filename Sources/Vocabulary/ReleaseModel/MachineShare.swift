package import ImageModel

/// Places a machine among the hundred shares to which a release is rolled out.
///
/// The share depends on the machine and on the release, so that no machine is always among the first. It is no secret:
/// a hash that spreads well is enough, and it must never change.
package enum MachineShare {
    /// The share of a machine for a release, from 0 to 99: a release with `rollout: 25` goes to shares 0 to 24.
    ///
    /// FNV-1a over the machine's id, a NUL and the digest's hexadecimal digits, then the finaliser of MurmurHash3.
    package static func share(machineID: String, release: Digest) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in Array(machineID.utf8) + [0] + Array(release.hex.utf8) {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return Int((hash ^ hash >> 33) % 100)
    }
}
