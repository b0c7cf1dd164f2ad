package import Faults
package import ImageModel

/// What a channel has for a machine.
package enum ChannelChoice: Equatable, Sendable {
    /// A release to install; `isStep` when a newer one needs this one first.
    case release(ChannelRelease, isStep: Bool)
    /// Nothing newer than what is installed.
    case upToDate
    /// There is a newer release, but it is not rolled out to this machine yet.
    case held(ChannelRelease)
    /// There is a newer release, but no way from what is installed to it.
    case unreachable(ChannelRelease)
}

extension ChannelDocument {
    /// Chooses the newest release that this machine gets: what `ChannelDecision` says.
    ///
    /// - Parameters:
    ///   - installed: the sequence of the installed image; nil when nobody knows, and then any minimum is reached.
    ///   - machineID: the machine's id (machine-id(5)).
    ///   - allowingDowngrade: whether the newest release is chosen also when it is older than what is installed: a
    ///     vendor takes a release back.
    package func choice(installed: Int64?, machineID: String, allowingDowngrade: Bool = false) -> ChannelChoice {
        ChannelDecision(self, installed: installed, machineID: machineID, allowingDowngrade: allowingDowngrade).choice
    }

    /// The release that is installed, when its channel still offers it.
    package func offered(sequence: Int64?) -> ChannelRelease? {
        releases.first { $0.sequence == sequence && $0.withdrawn == nil }
    }

    /// Says whether the document may be used now, after what was seen before.
    ///
    /// A machine without a battery may think it is 1970: a document that was seen proves that it is later.
    ///
    /// - Throws: `Refusal` when it has expired, or is older than one that was seen.
    package func check(now: UTCTime, lastSeen: UTCTime?) throws(Refusal) {
        if let lastSeen, issued < lastSeen {
            throw Refusal(
                .channelOlder, "following", "channel \(name)",
                cause: "it was issued \(issued), but one of \(lastSeen) was seen",
                remedy: "Somebody may be holding updates back; ask who publishes the channel.")
        }
        guard max(now, issued) < expires else {
            throw Refusal(
                .channelExpired, "following", "channel \(name)", cause: "it expired at \(expires)",
                remedy: "Check this machine's clock (now \(now)), else ask who publishes the channel to issue it again."
            )
        }
    }
}

/// Places a machine among the hundred shares to which a release is rolled out.
///
/// The share depends on the machine and on the release, so that no machine is always among the first. It is no secret:
/// a hash that spreads well is enough, and it must never change.
package enum MachineShare {
    /// The share of a machine for a release, from 0 to 99: a release with `rollout: 25` goes to shares 0 to 24.
    ///
    /// FNV-1a over the machine's id, a NUL and the digest's hexadecimal digits, then the finaliser of MurmurHash3.
    package static func share(machineID: String, release: Digest) -> Int {
        Int(hash(Array(machineID.utf8) + [0] + Array(release.hex.utf8)) % 100)
    }

    /// A number that spreads well, and never changes.
    static func hash(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }
}
