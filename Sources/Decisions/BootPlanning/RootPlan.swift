package import BootModel
import DiskContract
import ImageModel
import SystemLayout
import SystemPackage

/// What the root phase decides from: the command line, nothing else.
package struct RootFacts: Equatable, Sendable {
    /// The parameters of this boot.
    package var parameters: BootParameters

    /// Makes the facts.
    package init(parameters: BootParameters) { self.parameters = parameters }
}

extension BootPlan {
    /// Plans the way from the boot disk to a verified root on `/sysroot`.
    ///
    /// - Throws: `PlanningError` when the command line does not say which image to boot or from which disk.
    package static func root(_ facts: RootFacts) throws(PlanningError) -> BootPlan {
        let parameters = facts.parameters
        if let file = parameters.legacyImage { return try legacyRoot(file, parameters) }
        guard let role = parameters.role else { throw .missing("lifeboot.role=active|passive|recovery") }
        guard let image = parameters.image else { throw .missing("lifeboot.image=<image id>") }
        guard let boot = parameters.bootPartition else { throw .missing("lifeboot.boot=PARTUUID=<boot partition>") }
        let store = MachinePaths.store(role)
        let directory = store.appending(DiskFiles.image(image).components)
        return BootPlan(
            .root,
            watchdog(parameters) + disk(boot, parameters) + partition(role, store, parameters)
                + [
                    BootStep(
                        .checkBootEnvironment, "boot.env", .checkBootEnvironment(role: role, image: image),
                        .optional("without it attempts are not counted, but the machine runs")),
                    BootStep(
                        .verifyManifest, directory.string,
                        .verifyManifest(directory: directory, expected: image, policy: parameters.verity), .required),
                    BootStep(
                        .attachImage, "root.squashfs", .attachImage(directory.appending("root.squashfs")), .required),
                ] + rootMount(parameters) + oem(parameters))
    }

    /// OEM belongs to this phase because the layout, which the next phase is planned from, may lie on it.
    private static func oem(_ parameters: BootParameters) -> [BootStep] {
        let source: DeviceSource =
            parameters.oemLabel.map { .anywhere(.label($0), timeout: parameters.oemTimeout) } ?? .oem
        let mount = MountSpec("", on: "/oem", filesystem: nil, options: ["rw", "nodev", "nosuid"])
        return [
            BootStep(
                .mountOEM, source.description,
                .mountDevice(source, mount, root: MachinePaths.newRoot, force: parameters.forceCheck),
                .optional("a machine without vendor configuration still boots"))
        ]
    }

    private static func watchdog(_ parameters: BootParameters) -> [BootStep] {
        guard let seconds = parameters.watchdogSeconds else { return [] }
        let reason = "not every machine has one"
        return [BootStep(.armWatchdog, "\(seconds) s", .armWatchdog(seconds: seconds), .optional(reason))]
    }

    private static func disk(_ boot: DeviceReference, _ parameters: BootParameters) -> [BootStep] {
        let action = BootAction.findBootPartition(boot, timeout: parameters.deviceTimeout)
        return [BootStep(.findBootPartition, boot.description, action, .required)]
    }

    private static func partition(_ role: Role, _ store: FilePath, _ parameters: BootParameters) -> [BootStep] {
        let source = role == .recovery ? DeviceSource.recovery : DeviceSource.state
        let options = ["ro", "nodev", "nosuid", "noexec"]
        return [
            BootStep(.findImagePartition, source.description, .findImagePartition(source), .required),
            BootStep(
                .checkImagePartition, source.description, .checkImagePartition(force: parameters.forceCheck),
                .required),
            BootStep(.mountImagePartition, store.string, .mountImagePartition(store, options: options), .required),
        ]
    }

    private static func rootMount(_ parameters: BootParameters) -> [BootStep] {
        let mount = BootStep(
            .mountRoot, MachinePaths.newRoot.string,
            .mountRoot(MachinePaths.newRoot, filesystem: "squashfs", options: ["ro"]), .required)
        guard parameters.verity == .enforce else { return [mount] }
        let name = MachinePaths.verityName
        return [BootStep(.activateVerity, name, .activateVerity(name: name), .required), mount]
    }

    /// A cOS image: one file system in a file, named by `cos-img/filename`, without manifest or signature.
    private static func legacyRoot(_ file: String, _ parameters: BootParameters) throws(PlanningError) -> BootPlan {
        guard parameters.verity == .off else { throw .unverifiableImage(file) }
        let device = parameters.legacyDevice ?? .label("COS_STATE")
        let source = DeviceSource.anywhere(device, timeout: parameters.deviceTimeout)
        let path = MachinePaths.state.appending(FilePath(file).components)
        return BootPlan(
            .root,
            watchdog(parameters) + [
                BootStep(.findImagePartition, source.description, .findImagePartition(source), .required),
                BootStep(
                    .checkImagePartition, source.description, .checkImagePartition(force: parameters.forceCheck),
                    .required),
                BootStep(
                    .mountImagePartition, MachinePaths.state.string,
                    .mountImagePartition(MachinePaths.state, options: ["ro"]), .required),
                BootStep(.attachImage, file, .attachImage(path), .required),
                BootStep(
                    .mountRoot, MachinePaths.newRoot.string,
                    .mountRoot(MachinePaths.newRoot, filesystem: nil, options: ["ro"]), .required),
            ])
    }
}

extension DeviceSource {
    /// The state partition of the boot disk.
    package static let state = DeviceSource.bootDisk(.state)
    /// The recovery partition of the boot disk.
    package static let recovery = DeviceSource.bootDisk(.recovery)
    /// The OEM partition of the boot disk.
    package static let oem = DeviceSource.bootDisk(.oem)
    /// The persistent partition of the boot disk.
    package static let persistent = DeviceSource.bootDisk(.persistent)

    /// Names the source for people.
    package var description: String {
        switch self {
        case .anywhere(let reference, _): reference.description
        case .bootDisk(let partition): "PARTLABEL=\(partition.rawValue) on the boot disk"
        }
    }
}
