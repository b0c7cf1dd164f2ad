import DiskContract
package import Plans
import SystemPackage

/// Names the phases of the initramfs stage, in order.
package enum BootPhase: String, CaseIterable, Sendable {
    /// Drivers and filesystems; only where the agent is the first process, elsewhere udev loads them.
    case machine
    /// From the command line to a verified root, mounted read-only, with OEM, which may hold the layout.
    case root
    /// What files of configuration do before it is known where writes go; they may say it.
    case configuration
    /// Persistent data, overlays and volumes.
    case state
    /// What the booted system finds.
    case handoff

    /// The phases that can be planned before the boot: all but the one that depends on the devices found then.
    package static let planned = allCases.filter { $0 != .machine }
}

/// The steps of one phase of a boot.
package typealias BootPlan = Plan<BootAction>

extension BootPlan {
    /// Makes the plan of a phase.
    package init(_ phase: BootPhase, _ steps: [Step<BootAction>]) { self.init("boot", phase.rawValue, steps) }
}

/// What a step of a boot gives to later ones.
package enum BootProduct: String, StepProduct {
    case bootPartition = "the boot partition"
    case imagePartition = "the partition that holds the image"
    case medium = "the medium"
    case images = "the mounted folder of images"
    case manifest = "the manifest"
    case attachedImage = "the attached image"
    case verifiedImage = "the verified image"
    case root = "the mounted root"
    case overlayStore = "the store of ephemeral writes"
    case persistentDevice = "the device of the persistent data"
    case persistentVolume = "the opened persistent device"
    case persistent = "the mounted persistent partition"
}

extension BootAction {
    /// What later steps can count on when it was done.
    package var gives: [BootProduct] {
        switch self {
        case .findBootPartition: [.bootPartition]
        case .findImagePartition: [.imagePartition]
        case .findMedium: [.medium]
        case .mountMedium: [.images]
        case .mountImagePartition: [.images]
        case .verifyManifest: [.manifest]
        case .attachImage: [.attachedImage]
        case .activateVerity: [.verifiedImage]
        case .mountRoot: [.root]
        case .mountOverlayMemory, .mountOverlayDevice: [.overlayStore]
        case .findPersistent: [.persistentDevice]
        case .unlockPersistent: [.persistentVolume]
        case .mountPersistent: [.persistent]
        case .followDevices, .loadModule, .armWatchdog, .copyMedium, .keepCarried, .bindMedium, .checkImagePartition,
            .checkBootEnvironment, .checkArguments,
            .mountState, .mountOEM,
            .mountVolume, .stackOverlays, .overlayPath, .persistPath, .keepMachineID, .markMounts, .writeSentinel,
            .runStage, .handOverWatchdog:
            []
        }
    }

    /// What earlier steps must have given.
    package var needs: [BootProduct] {
        switch self {
        case .followDevices, .loadModule, .armWatchdog, .findBootPartition, .findMedium, .mountOverlayMemory,
            .writeSentinel:
            []
        case .findImagePartition(let source), .findPersistent(let source): source.needs
        case .mountState(let mount), .mountOEM(let mount), .mountVolume(let mount), .mountOverlayDevice(let mount):
            mount.source.needs + (mount.root == nil ? [] : [.root])
        case .checkImagePartition, .mountImagePartition: [.imagePartition]
        case .mountMedium: [.medium]
        case .copyMedium: [.medium, .images, .manifest]
        case .keepCarried: [.manifest]
        case .bindMedium: [.root]
        case .checkBootEnvironment: [.bootPartition, .images]
        // What the initramfs carries is there from the start.
        case .verifyManifest(let folder, _, _), .attachImage(_, let folder):
            folder.starts(with: MachinePaths.carried) ? [] : [.images]
        case .checkArguments: [.manifest]
        case .activateVerity: [.attachedImage, .manifest]
        case .mountRoot(let image, _, _, _): [image == .verified ? .verifiedImage : .attachedImage]
        case .unlockPersistent: [.persistentDevice]
        case .mountPersistent: [.persistentVolume]
        case .overlayPath: [.root, .overlayStore]
        case .persistPath, .keepMachineID: [.root, .persistent]
        case .stackOverlays, .markMounts, .runStage, .handOverWatchdog: [.root]
        }
    }
}

extension DeviceSource {
    fileprivate var needs: [BootProduct] {
        switch self {
        case .anywhere: []
        case .bootDisk: [.bootPartition]
        }
    }
}

/// Names the kinds of steps of a boot; stable, printed in reports, in `lifeboot plan` and in the README.
package enum BootStepKind: String, CaseIterable, Sendable {
    case followDevices = "follow-devices"
    case loadModule = "load-module"
    case armWatchdog = "arm-watchdog"
    case findBootPartition = "find-boot-partition"
    case findImagePartition = "find-image-partition"
    case findMedium = "find-medium"
    case mountMedium = "mount-medium"
    case copyMedium = "copy-medium"
    case keepCarried = "keep-carried"
    case checkImagePartition = "check-image-partition"
    case mountImagePartition = "mount-image-partition"
    case checkBootEnvironment = "check-boot-environment"
    case verifyManifest = "verify-manifest"
    case checkArguments = "check-arguments"
    case attachImage = "attach-image"
    case activateVerity = "activate-verity"
    case mountRoot = "mount-root"
    case mountState = "mount-state"
    case mountOEM = "mount-oem"
    case mountOverlayStore = "mount-overlay-store"
    case findPersistent = "find-persistent"
    case unlockPersistent = "unlock-persistent"
    case mountPersistent = "mount-persistent"
    case mountVolume = "mount-volume"
    case stackOverlays = "stack-overlays"
    case overlayPath = "overlay-path"
    case persistPath = "persist-path"
    case keepMachineID = "keep-machine-id"
    case markMounts = "mark-mounts"
    case writeSentinels = "write-sentinels"
    case runStage = "run-stage"
    case handOverWatchdog = "hand-over-watchdog"

    /// One sentence on what the step does and why; shown by `lifeboot plan` and in the README's table.
    package var explanation: String {
        switch self {
        case .followDevices: "Load the drivers of devices that appear from now on, beside all that follows."
        case .loadModule: "Load a driver, or a filesystem, that this machine or every boot needs."
        case .armWatchdog: "Start the hardware watchdog, so that a hang becomes a counted failure."
        case .findBootPartition:
            "Wait for the partition GRUB booted from; it names the disk that all else is taken from."
        case .findImagePartition: "Find the partition that holds the image, on the boot disk only."
        case .findMedium:
            "Wait for whatever carries the image, signed by a known key: a CD, a stick, any partition of them."
        case .mountMedium: "Mount the medium read-only."
        case .copyMedium: "Copy the image into memory, so that the medium can be taken out."
        case .keepCarried: "Keep the image that the initramfs carries, which is emptied when the system starts."
        case .checkImagePartition: "Run e2fsck when the file system asks for it."
        case .mountImagePartition: "Mount the image's partition read-only."
        case .checkBootEnvironment: "Read boot.env; rebuild it when it is damaged, so that attempts are counted again."
        case .verifyManifest:
            "Check manifest.sig against the keys in the initramfs, and that the manifest is the image asked for."
        case .checkArguments: "In a sealed system, refuse what neither the signed manifest nor the boot protocol says."
        case .attachImage: "Attach root.squashfs to a loop device with direct I/O."
        case .activateVerity: "Put dm-verity over it, with the root hash from the signed manifest."
        case .mountRoot: "Mount the verified image read-only as the new root."
        case .mountState: "Mount the state partition read-only, so that recovery can say why the others failed."
        case .mountOEM: "Mount the OEM partition."
        case .mountOverlayStore: "Make the store that holds all ephemeral writes."
        case .findPersistent:
            "Find the partition whose data survives upgrades, or wait for the device that the layout names."
        case .unlockPersistent:
            "Open the persistent partition when it is encrypted, with a key file, else with a passphrase."
        case .mountPersistent: "Check and mount the partition whose data survives upgrades."
        case .mountVolume: "Check and mount a volume that the layout names."
        case .stackOverlays:
            "Stack the overlays of the image and of OEM over /usr, /opt and /etc, by the image's own lifeboot."
        case .overlayPath: "Stack a writable, ephemeral overlay over a path of the image."
        case .persistPath: "Keep a path across boots, as an overlay or a bind mount on the persistent partition."
        case .keepMachineID: "Give the machine the same machine-id at every boot."
        case .markMounts: "Mark the mounts as the initramfs's, so that systemd leaves them alone until the end."
        case .writeSentinels: "Leave a file that tells scripts which role runs."
        case .runStage: "Run what files of configuration have for a stage, by the image's own lifeboot in the new root."
        case .handOverWatchdog: "Leave the watchdog to the system when it is set up for it, else stop it."
        }
    }
}
