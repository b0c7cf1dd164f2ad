import SystemLayout
import SystemPackage

/// Decides which device is meant when several may have its name.
package enum DeviceChoice: Equatable, Sendable {
    /// This one; the note says why there was a doubt.
    case take(BlockDevice, note: String?)
    /// Another one may be better, or have the name as well.
    case wait
    /// Several have the name, and nothing tells which is meant.
    case ambiguous([BlockDevice])

    /// What is done when nothing but the name tells devices apart.
    package enum Rule: Sendable {
        /// Nothing is taken.
        case refuse
        /// The first by name is taken: a machine has to come up.
        case first
    }

    /// How far the search is.
    package struct Progress: Sendable {
        /// Whether all devices have answered, or had their time.
        package var isSettled: Bool
        /// Whether a device that is probably another one was given the time in which the right one should have come.
        package var isPatienceOver: Bool
    }

    /// Chooses among the devices that have the name.
    static func among(_ sightings: [DeviceSighting], _ progress: Progress, _ rule: Rule) -> DeviceChoice {
        let sorted = sightings.sorted { $0.device.path.string < $1.device.path.string }
        if let meant = sorted.first(where: { $0.isMeant == true }) {
            return .take(meant.device, note: note(meant.device, sorted.count { $0.isMeant == true } > 1, sorted))
        }
        let open = sorted.filter { $0.isMeant == nil }
        guard progress.isSettled, let first = open.first ?? sorted.first else { return .wait }
        // What is known to be another device is taken only when no other comes: a disk may have lost what was written to it.
        if open.isEmpty, !progress.isPatienceOver { return .wait }
        let equals = open.isEmpty ? sorted : open
        if equals.count > 1, rule == .refuse { return .ambiguous(equals.map(\.device)) }
        return .take(first.device, note: note(first.device, equals.count > 1, sorted))
    }

    /// Names the other devices; nil when there are none.
    private static func note(_ device: BlockDevice, _ isGuess: Bool, _ all: [DeviceSighting]) -> String? {
        let others = all.map(\.device).filter { $0.path != device.path }.map(\.path.string)
        guard !others.isEmpty else { return nil }
        let why =
            isGuess ? "nothing tells them apart, so the first by name is taken" : "GRUB started from \(device.path)"
        return "\(others.joined(separator: " and ")) has the same name as \(device.path): \(why)"
    }
}
