import LinuxSystem
import SystemLayout
import SystemPackage

/// A search for one device: what is known so far, and what is still being looked at.
struct DeviceSearch {
    let probes: DeviceProbes
    private let query: DeviceQuery
    private let rule: DeviceChoice.Rule
    private let settling: Duration
    private let patience: Duration
    private(set) var scan = BlockDeviceScan()
    /// When the first device with the name was seen.
    private var firstSeen: Duration?

    init(
        _ query: DeviceQuery, _ rule: DeviceChoice.Rule, _ probes: DeviceProbes, settling: Duration,
        patience: Duration
    ) {
        self.probes = probes
        self.query = query
        self.rule = rule
        self.settling = settling
        self.patience = patience
    }

    /// Looks again at what a message is about.
    mutating func update(by message: UeventSocket.Message) throws(BlockDeviceError) {
        switch message {
        case .timedOut: break
        case .woken: for finding in probes.take() { scan.note(finding) }
        case .lost: for (disk, names) in try SysfsBlock().disks() { for name in names { ask(name, disk) } }
        case .event(let event):
            guard let name = event.blockDevice else { return }
            // In an event the kernel has already put slashes into the name.
            if event.action == "remove" { scan.forget(SysfsBlock.node(name)) } else { ask(name, event.disk ?? name) }
        }
    }

    private func ask(_ name: String, _ disk: String) {
        let path = SysfsBlock.node(name)
        if query.concerns(path) { probes.ask(about: path, on: disk) }
    }

    /// The device, once it is certain enough.
    ///
    /// - Throws: `BlockDeviceError` when several have the name and none is to be taken.
    mutating func answer() throws(BlockDeviceError) -> (device: BlockDevice, note: String?)? {
        let found = query.fitting(scan)
        guard !found.isEmpty else { return nil }
        let now = MonotonicClock.now()
        firstSeen = firstSeen ?? now
        let waited = now - (firstSeen ?? now)
        let progress = DeviceChoice.Progress(
            isSettled: waited >= settling || probes.unanswered.isEmpty, isPatienceOver: waited >= patience)
        switch query.choice(found, progress, rule) {
        case .take(let device, let note): return (device, note)
        case .wait: return nil
        case .ambiguous(let devices): throw .ambiguous(query, devices)
        }
    }

    /// The end of the next piece of waiting: some seconds, or when what was seen counts as settled.
    func turn(before deadline: Deadline) -> Deadline {
        guard let firstSeen else { return deadline.turn }
        let ends = [firstSeen + settling, firstSeen + patience].filter { $0 > MonotonicClock.now() }
        guard let end = ends.min(), let turn = deadline.turn.instant else { return deadline.turn }
        return Deadline(at: min(end, turn))
    }

    /// Says what there was instead of the device.
    var notFound: BlockDeviceError {
        .notFound(query, seen: scan.devices, problems: scan.problems, unanswered: probes.unanswered)
    }
}
