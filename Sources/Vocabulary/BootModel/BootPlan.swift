package import Plans

/// Names the phases of the initramfs stage, in order.
package enum BootPhase: String, CaseIterable, Sendable {
    /// From the command line to a verified root, mounted read-only, with OEM, which may hold the layout.
    case root
    /// Persistent data, overlays and volumes.
    case state
    /// What the booted system finds.
    case handoff
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
        case .mountImagePartition: [.images]
        case .verifyManifest: [.manifest]
        case .attachImage: [.attachedImage]
        case .activateVerity: [.verifiedImage]
        case .mountRoot: [.root]
        case .mountOverlayMemory, .mountOverlayDevice: [.overlayStore]
        case .findPersistent: [.persistentDevice]
        case .unlockPersistent: [.persistentVolume]
        case .mountPersistent: [.persistent]
        case .armWatchdog, .checkImagePartition, .checkBootEnvironment, .mountState, .mountOEM, .mountVolume,
            .overlayPath,
            .persistPath, .keepMachineID, .markMounts, .writeSentinel, .handOverWatchdog:
            []
        }
    }

    /// What earlier steps must have given.
    package var needs: [BootProduct] {
        switch self {
        case .armWatchdog, .findBootPartition, .mountOverlayMemory, .writeSentinel: []
        case .findImagePartition(let source), .findPersistent(let source): source.needs
        case .mountState(let mount), .mountOEM(let mount), .mountVolume(let mount), .mountOverlayDevice(let mount):
            mount.source.needs + (mount.root == nil ? [] : [.root])
        case .checkImagePartition, .mountImagePartition: [.imagePartition]
        case .checkBootEnvironment: [.bootPartition, .images]
        case .verifyManifest, .attachImage: [.images]
        case .activateVerity: [.attachedImage, .manifest]
        case .mountRoot(let image, _, _, _): [image == .verified ? .verifiedImage : .attachedImage]
        case .unlockPersistent: [.persistentDevice]
        case .mountPersistent: [.persistentVolume]
        case .overlayPath: [.root, .overlayStore]
        case .persistPath, .keepMachineID: [.root, .persistent]
        case .markMounts, .handOverWatchdog: [.root]
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
