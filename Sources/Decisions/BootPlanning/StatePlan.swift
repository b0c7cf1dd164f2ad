package import BootModel
import DiskContract
import ImageModel
package import SystemLayout
package import SystemPackage

/// What was found where the persistent data lies.
package enum PersistentDevice: Equatable, Sendable {
    /// A filesystem, or something that mounting it will complain of.
    case plain
    /// A LUKS2 volume.
    case encrypted
    /// No device in the time that it was given; the step that mounts it does not wait again.
    case absent
}

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
    /// What the persistent device is.
    package var persistent: PersistentDevice = .plain

    /// Makes the facts.
    package init(
        parameters: BootParameters, layout: Layout = .default, existing: Set<FilePath>, layoutFile: FilePath? = nil
    ) {
        self.parameters = parameters
        self.layout = layout
        self.existing = existing
        self.layoutFile = layoutFile
    }
}

extension BootPlan {
    /// Plans where writes go: overlays in memory, persistent paths and volumes, parents before children.
    ///
    /// Recovery mounts neither persistent data nor volumes: it must run when they are what is broken.
    ///
    /// - Throws: `PlanningError` when a kernel parameter about them cannot be read.
    package static func state(_ facts: StateFacts) throws(PlanningError) -> BootPlan {
        if facts.parameters.role == .recovery { return recoveryState(facts) }
        let layout: Layout
        do throws(LayoutError) {
            layout = try facts.layout.merging(overlay: facts.parameters.overlay, volumes: facts.parameters.volumes)
        } catch { throw .unreadable("kernel parameters", error.description) }
        let planner = StatePlanner(parameters: facts.parameters, layout: layout, facts: facts)
        return BootPlan(.state, planner.store + planner.unlocking + planner.persistent + planner.paths)
    }

    private static func recoveryState(_ facts: StateFacts) -> BootPlan {
        let planner = StatePlanner(parameters: facts.parameters, layout: .default, facts: facts)
        let mount = MountSpec(
            "", on: MachinePaths.state, filesystem: nil, options: ["ro", "nodev", "nosuid", "noexec"])
        let history = BootStep(
            .mountState, DeviceSource.state.description, .mountDevice(.state, mount, root: nil, force: nil),
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
    var store: [BootStep] {
        let target = MachinePaths.overlay
        switch layout.store {
        case .memory(let size):
            let options = ["size=\(size)", "mode=0755", "nodev", "nosuid"]
            let mount = MountSpec("tmpfs", on: target, filesystem: "tmpfs", options: options)
            return [BootStep(.mountOverlayStore, "tmpfs:\(size)", .mount(mount), .required)]
        case .device(let device):
            let source = DeviceSource.anywhere(device, timeout: parameters.deviceTimeout)
            let mount = MountSpec("", on: target, filesystem: nil, options: ["rw", "nodev", "nosuid"])
            let action = BootAction.mountDevice(source, mount, root: nil, force: parameters.forceCheck)
            return [BootStep(.mountOverlayStore, device.description, action, .required)]
        }
    }

    /// Where the persistent data lies, encrypted or not.
    private var persistentSource: DeviceSource {
        let timeout = facts.persistent == .absent ? 1 : parameters.deviceTimeout
        return layout.persistentDevice.map { .anywhere($0, timeout: timeout) } ?? .persistent
    }

    /// Opens the persistent partition.
    ///
    /// The OEM partition, where the key usually lies, is mounted inside the new root.
    var unlocking: [BootStep] {
        guard facts.persistent == .encrypted else { return [] }
        let file = layout.persistentKeyFile ?? MachinePaths.persistentKey
        let action = BootAction.unlock(
            persistentSource, name: MachinePaths.persistentName, keyFiles: [root.appending(file.components)],
            timeout: parameters.unlockTimeout)
        return [BootStep(.unlockPersistent, persistentSource.description, action, persistentRequirement)]
    }

    /// The persistent partition, or what is in it once it is open.
    var persistent: [BootStep] {
        let mapping = DeviceReference.path(FilePath("/dev/mapper/\(MachinePaths.persistentName)"))
        // Opening it has made the node already; without it there is nothing to wait for.
        let source = facts.persistent == .encrypted ? .anywhere(mapping, timeout: 1) : persistentSource
        let mount = MountSpec("", on: MachinePaths.persistent, filesystem: nil, options: ["rw", "nodev"])
        let action = BootAction.mountDevice(source, mount, root: nil, force: parameters.forceCheck)
        return [BootStep(.mountPersistent, source.description, action, persistentRequirement)]
    }

    private var persistentRequirement: StepRequirement {
        layout.persistentRequired ? .required : .optional("the layout does not require persistent data")
    }

    /// Overlays, persistent paths and volumes in the order in which they nest.
    var paths: [BootStep] {
        let persists = parameters.role == .recovery ? [] : layout.persistentPaths.map { ($0, persist($0)) }
        let volumes = parameters.role == .recovery ? [] : layout.volumes.map { ($0.path, volume($0)) }
        let steps = ephemeral + persists + volumes
        let order = Layout.byDepth(steps.map(\.0))
        return order.compactMap { path in steps.first { $0.0 == path }?.1 }
    }

    /// The default layout names paths that an image may lack; a file that names them means them.
    private var ephemeral: [(FilePath, BootStep)] {
        if parameters.debugReadWrite { return [("/", overlay("/"))] }
        let wanted = layout.ephemeralPaths.filter { facts.layoutFile != nil || facts.existing.contains($0) }
        return wanted.map { ($0, overlay($0)) }
    }

    private func overlay(_ path: FilePath) -> BootStep {
        BootStep(
            .overlayPath, path.string, .overlay(path: path, root: root, store: MachinePaths.overlay), .required)
    }

    private func persist(_ path: FilePath) -> BootStep {
        let mode: PersistMode = layout.persistentMode == .bind ? .bind : .overlay
        let action = BootAction.persist(path: path, root: root, store: MachinePaths.persistent, mode: mode)
        return BootStep(.persistPath, path.string, action, persistentRequirement)
    }

    private func volume(_ volume: Layout.Volume) -> BootStep {
        let source = DeviceSource.anywhere(volume.device, timeout: parameters.deviceTimeout)
        let mount = MountSpec("", on: volume.path, filesystem: volume.filesystem, options: volume.options)
        let action = BootAction.mountDevice(source, mount, root: root, force: parameters.forceCheck)
        let requirement: StepRequirement =
            volume.required ? .required : .optional("the layout does not require this volume")
        return BootStep(.mountVolume, "\(volume.device) on \(volume.path)", action, requirement)
    }
}
