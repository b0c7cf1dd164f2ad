package import BootModel
import DiskContract
import ImageModel
import Plans
package import SystemLayout
package import SystemPackage

/// What the state phase decides from; gathered when the root is mounted.
package struct StateFacts: Equatable, Sendable {
    /// The parameters of this boot.
    package var parameters: BootParameters
    /// The layout as the file says, before the command line; the default when there is no file.
    package var layout: Layout
    /// Which of the layout's ephemeral paths the image has.
    package var existing: Set<FilePath>
    /// The file the layout came from; nil for the default.
    package var layoutFile: FilePath?
    /// Whether there are files in a folder of overlays.
    package var hasOverlays: Bool

    /// Makes the facts.
    package init(
        parameters: BootParameters, layout: Layout = .default, existing: Set<FilePath>, layoutFile: FilePath? = nil,
        hasOverlays: Bool = false
    ) {
        self.parameters = parameters
        self.layout = layout
        self.existing = existing
        self.layoutFile = layoutFile
        self.hasOverlays = hasOverlays
    }
}

extension BootPlan {
    /// Plans where writes go: overlays in memory, persistent paths and volumes, parents before children.
    ///
    /// Recovery mounts neither persistent data nor volumes: it must run when they are what is broken.
    ///
    /// - Throws: `PlanningError` when a kernel parameter about them cannot be read, or one is missing that the way to
    ///   required data depends on.
    package static func state(_ facts: StateFacts) throws(PlanningError) -> BootPlan {
        if facts.parameters.role == .recovery { return recoveryState(facts) }
        if facts.parameters.isLive { return liveState(facts) }
        let layout: Layout
        do throws(LayoutError) {
            layout = try facts.layout.merging(overlay: facts.parameters.overlay, volumes: facts.parameters.volumes)
        } catch { throw .unreadable("kernel parameters", error) }
        let planner = StatePlanner(parameters: facts.parameters, layout: layout, facts: facts)
        return BootPlan(.state, planner.store + (try planner.persistent) + planner.paths)
    }

    /// Everything is written to memory, also what an installed system would keep.
    private static func liveState(_ facts: StateFacts) -> BootPlan {
        var layout = facts.layout
        if case .device = layout.store { layout.store = Layout.default.store }
        layout.ephemeralPaths += layout.persistentPaths.filter { !layout.ephemeralPaths.contains($0) }
        (layout.persistentPaths, layout.volumes) = ([], [])
        let planner = StatePlanner(parameters: facts.parameters, layout: layout, facts: facts)
        return BootPlan(.state, planner.store + planner.paths)
    }

    private static func recoveryState(_ facts: StateFacts) -> BootPlan {
        let planner = StatePlanner(parameters: facts.parameters, layout: .default, facts: facts)
        let mount = MountSpec(on: MachinePaths.state, options: ["ro", "nodev", "nosuid", "noexec"])
        let history = Step<BootAction>(
            .mountState(DeviceMount(.state, mount, root: nil, force: nil)),
            .optional("recovery must run when the state partition is what is broken"))
        return BootPlan(.state, [history] + planner.store + planner.paths)
    }
}

/// Turns one layout into steps.
private struct StatePlanner {
    let parameters: BootParameters
    let layout: Layout
    let facts: StateFacts
    let root = MachinePaths.newRoot

    /// The store of ephemeral writes.
    var store: [Step<BootAction>] {
        let target = MachinePaths.overlay
        switch layout.store {
        case .memory(let size):
            let options = ["size=\(size)", "mode=0755", "nodev", "nosuid"]
            let mount = MountSpec("tmpfs", on: target, filesystem: "tmpfs", options: options)
            return [Step(.mountOverlayMemory(size: size, mount))]
        case .device(let device):
            let source = DeviceSource.anywhere(device, timeout: parameters.deviceTimeout)
            let mount = MountSpec(on: target, options: ["rw", "nodev", "nosuid"])
            return [Step(.mountOverlayDevice(DeviceMount(source, mount, root: nil, force: parameters.forceCheck)))]
        }
    }

    /// The persistent partition: whether it is encrypted shows when it is there.
    ///
    /// The OEM partition, where the key usually lies, is mounted inside the new root.
    var persistent: [Step<BootAction>] {
        get throws(PlanningError) {
            let source = layout.persistentDevice.map { DeviceSource.anywhere($0, timeout: parameters.deviceTimeout) }
            if source == nil, parameters.bootPartition == nil, layout.persistentRequired {
                throw .missing(
                    "lifeboot.boot=PARTUUID=<boot partition>, which names the disk of the persistent partition")
            }
            let key = layout.persistentKeyFile ?? MachinePaths.persistentKey
            let mount = MountSpec(on: MachinePaths.persistent, options: ["rw", "nodev"])
            let actions: [BootAction] = [
                .findPersistent(source ?? .persistent),
                .unlockPersistent(
                    name: MachinePaths.persistentName, keyFiles: [root.appending(key.components)],
                    timeout: parameters.unlockTimeout, mustBeEncrypted: layout.persistentEncrypted),
                .mountPersistent(mount, force: parameters.forceCheck),
            ]
            return actions.map { Step($0, persistentRequirement) }
        }
    }

    private var persistentRequirement: Requirement {
        layout.persistentRequired ? .required : .optional("the layout does not require persistent data")
    }

    /// Overlays, persistent paths and volumes in the order in which they nest.
    var paths: [Step<BootAction>] {
        let persists = parameters.role == .recovery ? [] : layout.persistentPaths.map { ($0, persist($0)) }
        let volumes = parameters.role == .recovery ? [] : layout.volumes.map { ($0.path, volume($0)) }
        let steps = ephemeral + persists + volumes
        let order = Layout.byDepth(steps.map(\.0))
        let sorted = order.compactMap { path in steps.first { $0.0 == path } }
        // Over a root that is writable as a whole, and below all else that is stacked on it.
        return sorted.filter { $0.0 == "/" }.map(\.1) + overlays + sorted.filter { $0.0 != "/" }.map(\.1)
    }

    /// A policy may say that no boot goes on without its overlay.
    private var overlays: [Step<BootAction>] { facts.hasOverlays ? [Step(.stackOverlays(root: root))] : [] }

    /// The default layout names paths that an image may lack; a file that names them means them.
    private var ephemeral: [(FilePath, Step<BootAction>)] {
        if parameters.debugReadWrite { return [("/", overlay("/"))] }
        let wanted = layout.ephemeralPaths.filter { facts.layoutFile != nil || facts.existing.contains($0) }
        return wanted.map { ($0, overlay($0)) }
    }

    private func overlay(_ path: FilePath) -> Step<BootAction> {
        Step(.overlayPath(path, root: root, store: MachinePaths.overlay))
    }

    private func persist(_ path: FilePath) -> Step<BootAction> {
        let mode: PersistMode = layout.persistentMode == .bind ? .bind : .overlay
        return Step(
            .persistPath(path, root: root, store: MachinePaths.persistent, mode: mode), persistentRequirement)
    }

    /// What lies on a volume is nobody's program and nobody's device unless the layout says so.
    private func safeOptions(_ options: [String]) -> [String] {
        let unsaid = [("suid", "nosuid"), ("dev", "nodev")].filter {
            !options.contains($0.0) && !options.contains($0.1)
        }
        return options + unsaid.map(\.1)
    }

    private func volume(_ volume: Layout.Volume) -> Step<BootAction> {
        let source = DeviceSource.anywhere(volume.device, timeout: parameters.deviceTimeout)
        let mount = MountSpec(on: volume.path, filesystem: volume.filesystem, options: safeOptions(volume.options))
        return Step(
            .mountVolume(DeviceMount(source, mount, root: root, force: parameters.forceCheck)),
            volume.required ? .required : .optional("the layout does not require this volume"))
    }
}
