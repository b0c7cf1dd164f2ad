package import BootModel
import DiskContract
import ImageModel
import Plans
import SystemLayout
import SystemPackage

/// What the root phase decides from: the command line, and whether it may say everything.
package struct RootFacts: Equatable, Sendable {
    /// The parameters of this boot.
    package var parameters: BootParameters
    /// Whether the initramfs is sealed: then the command line weakens nothing.
    package var isSealed: Bool
    /// Whether the initramfs carries the image itself, as that of a netboot does.
    package var isCarried: Bool

    /// Makes the facts.
    package init(parameters: BootParameters, isSealed: Bool = false, isCarried: Bool = false) {
        self.parameters = parameters
        self.isSealed = isSealed
        self.isCarried = isCarried
    }
}

extension BootPlan {
    /// Plans the way from the boot disk to a verified root on `/sysroot`.
    ///
    /// - Throws: `PlanningError` when the command line does not say which image to boot or from which disk.
    package static func root(_ facts: RootFacts) throws(PlanningError) -> BootPlan {
        let parameters = facts.parameters
        if facts.isSealed { try refuseWeakening(parameters) }
        if parameters.isLive { return try liveRoot(facts) }
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
                    Step(
                        .checkBootEnvironment(role: role, image: image),
                        .optional("without it attempts are not counted, but the machine runs")),
                    Step(.verifyManifest(directory: directory, expected: image, policy: parameters.verity)),
                ] + (facts.isSealed ? [Step(.checkArguments)] : []) + [
                    Step(.attachImage("root.squashfs", in: directory))
                ] + rootMount(parameters) + oem(parameters))
    }

    /// Refuses at once what the signed manifest cannot allow either; every other word is compared when that is read.
    private static func refuseWeakening(_ parameters: BootParameters) throws(PlanningError) {
        if parameters.disabled { throw .sealed("lifeboot.disable") }
        if parameters.verity == .off { throw .sealed("lifeboot.verity=off") }
        if parameters.debugReadWrite { throw .sealed("lifeboot.debug-rw") }
        if parameters.legacyImage != nil { throw .sealed("cos-img/filename=") }
    }

    /// OEM belongs to this phase because the layout, which the next phase is planned from, may lie on it.
    static func oem(_ parameters: BootParameters) -> [Step<BootAction>] {
        let source: DeviceSource =
            parameters.oemLabel.map { .anywhere(.label($0), timeout: parameters.oemTimeout) } ?? .oem
        let mount = MountSpec(on: "/oem", options: ["rw", "nodev", "nosuid"])
        return [
            Step(
                .mountOEM(DeviceMount(source, mount, root: MachinePaths.newRoot, force: parameters.forceCheck)),
                .optional("a machine without vendor configuration still boots"))
        ]
    }

    static func watchdog(_ parameters: BootParameters) -> [Step<BootAction>] {
        guard let seconds = parameters.watchdogSeconds else { return [] }
        return [Step(.armWatchdog(seconds: seconds), .optional("not every machine has one"))]
    }

    private static func disk(_ boot: DeviceReference, _ parameters: BootParameters) -> [Step<BootAction>] {
        [Step(.findBootPartition(boot, timeout: parameters.deviceTimeout))]
    }

    private static func partition(_ role: Role, _ store: FilePath, _ parameters: BootParameters) -> [Step<BootAction>] {
        let source = role == .recovery ? DeviceSource.recovery : DeviceSource.state
        let options = ["ro", "nodev", "nosuid", "noexec"]
        return [
            Step(.findImagePartition(source)), Step(.checkImagePartition(source, force: parameters.forceCheck)),
            Step(.mountImagePartition(store, options: options)),
        ]
    }

    static func rootMount(_ parameters: BootParameters) -> [Step<BootAction>] {
        let isVerified = parameters.verity == .enforce
        let mount = BootAction.mountRoot(
            isVerified ? .verified : .unverified, MachinePaths.newRoot, filesystem: "squashfs", options: ["ro"])
        return (isVerified ? [Step(.activateVerity(name: MachinePaths.verityName))] : []) + [Step(mount)]
    }

    /// A cOS image: one file system in a file, named by `cos-img/filename`, without manifest or signature.
    private static func legacyRoot(_ file: String, _ parameters: BootParameters) throws(PlanningError) -> BootPlan {
        guard parameters.verity == .off else { throw .unverifiableImage(file) }
        let device = parameters.legacyDevice ?? .label("COS_STATE")
        let source = DeviceSource.anywhere(device, timeout: parameters.deviceTimeout)
        return BootPlan(
            .root,
            watchdog(parameters) + [
                Step(.findImagePartition(source)), Step(.checkImagePartition(source, force: parameters.forceCheck)),
                Step(.mountImagePartition(MachinePaths.state, options: ["ro"])),
                Step(.attachImage(file, in: MachinePaths.state)),
                Step(.mountRoot(.unverified, MachinePaths.newRoot, filesystem: nil, options: ["ro"])),
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
}
