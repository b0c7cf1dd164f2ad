package import SystemLayout
import SystemPackage

/// What is searched for among block devices.
package enum DeviceQuery: Equatable, Sendable, CustomStringConvertible {
    /// A device by its name.
    case named(DeviceReference)
    /// A device by what it carries, which shows only who looks into it; in words.
    case carrying(String)

    /// The name, or the words.
    package var description: String {
        switch self {
        case .named(let reference): reference.description
        case .carrying(let what): what
        }
    }
}

extension DeviceQuery {
    /// Whether this device has to be looked at: a path needs no other one.
    func concerns(_ path: FilePath) -> Bool {
        guard case .named(.path(let wanted)) = self else { return true }
        return wanted == path || BlockDeviceScan.target(of: wanted) == path
    }

    /// The devices that fit, of all that were looked at.
    func fitting(_ scan: BlockDeviceScan) -> [DeviceSighting] {
        switch self {
        case .named(let reference): scan.sightings(of: reference)
        case .carrying: scan.sightings.filter { $0.isMeant == true }
        }
    }

    /// What to do when it does not come.
    func remedy(isAnythingThere: Bool) -> String {
        if !isAnythingThere { return "Add the disk controller's driver to the initramfs." }
        switch self {
        case .named: return "Check that the disk is attached and its name."
        case .carrying:
            return
                "Check that the medium is attached and whole, and that the initramfs has the drivers of its controller."
        }
    }

    /// Chooses among the devices that fit.
    ///
    /// What carries the same is the same: the first that is there is taken, and nobody waits for others.
    func choice(
        _ found: [DeviceSighting], _ progress: DeviceChoice.Progress, _ rule: DeviceChoice.Rule
    ) -> DeviceChoice {
        guard case .carrying(let what) = self else { return DeviceChoice.among(found, progress, rule) }
        let devices = found.map(\.device).sorted { $0.path.string < $1.path.string }
        guard let first = devices.first else { return .wait }
        let others = devices.filter { ($0.disk ?? $0.path) != (first.disk ?? first.path) }.map(\.path.string)
        let note = others.isEmpty ? nil : "\(others.joined(separator: " and ")) also has \(what): the first is taken"
        return .take(first, note: note)
    }
}
