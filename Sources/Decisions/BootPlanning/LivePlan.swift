package import BootModel
import DiskContract
import ImageModel
import Plans
import SystemPackage

extension BootPlan {
    /// Plans the way from whatever carries the image to a verified root: a live boot.
    ///
    /// No label and no disk is named, no attempt is counted, and nothing is written to any disk.
    static func liveRoot(_ facts: RootFacts) throws(PlanningError) -> BootPlan {
        let parameters = facts.parameters
        if let role = parameters.role { throw .contradicting("lifeboot.mode=live", "lifeboot.role=\(role.rawValue)") }
        if parameters.legacyImage != nil { throw .contradicting("lifeboot.mode=live", "cos-img/filename=") }
        guard let image = parameters.image else { throw .missing("lifeboot.image=<image id>") }
        let medium = facts.isCarried ? MachinePaths.carried : MachinePaths.medium
        let folder = DiskFiles.image(image)
        let directory = medium.appending(folder.components)
        let verify = Step<BootAction>(
            .verifyManifest(directory: directory, expected: image, policy: parameters.verity))
        let arguments = facts.isSealed ? [Step<BootAction>(.checkArguments)] : []
        return BootPlan(
            .root,
            watchdog(parameters) + (facts.isCarried ? [] : find(image, parameters)) + [verify] + arguments
                + (facts.isCarried ? [keep(folder)] : copy(folder, parameters))
                + [Step(.attachImage("root.squashfs", in: directory))] + rootMount(parameters)
                + liveOEM(facts))
    }

    private static func find(_ image: ImageID, _ parameters: BootParameters) -> [Step<BootAction>] {
        let options = ["ro", "nodev", "nosuid", "noexec"]
        return [
            Step(.findMedium(image, timeout: parameters.deviceTimeout, policy: parameters.verity)),
            Step(.mountMedium(MachinePaths.medium, options: options)),
        ]
    }

    /// What an installation from here needs beside the image.
    private static let companions: [FilePath] = ["/oem", "/install.yaml", "/install.yaml.sig", "/install.passphrase"]

    /// All that an installation from here needs, and the medium's own configuration.
    ///
    /// An installation that nobody watches reads the image once: a copy that nobody asked for would only take time.
    private static func copy(_ folder: FilePath, _ parameters: BootParameters) -> [Step<BootAction>] {
        if parameters.isInstallation, parameters.memoryCopy == .auto { return [] }
        return [
            Step(
                .copyMedium(MachinePaths.medium, [folder] + companions, parameters.memoryCopy),
                .optional("the medium serves as long as it is not taken out"))
        ]
    }

    /// Whoever changes to the new root empties the initramfs, and with it what an installation needs.
    private static func keep(_ folder: FilePath) -> Step<BootAction> {
        Step(
            .keepCarried(folder, companions, on: MachinePaths.medium),
            .optional("the system runs without it, but cannot be installed from here"))
    }

    /// The medium's own configuration, which nobody has signed, or a partition that the command line names.
    private static func liveOEM(_ facts: RootFacts) -> [Step<BootAction>] {
        if facts.parameters.oemLabel != nil { return oem(facts.parameters) }
        if facts.isSealed { return [] }
        return [
            Step(
                .bindMedium(MachinePaths.medium.appending("oem"), on: MachinePaths.oem, root: MachinePaths.newRoot),
                .optional("a machine without vendor configuration still boots"))
        ]
    }
}

/// What decides whether a live boot copies its image into memory.
package struct MemoryCopyFacts: Equatable, Sendable {
    /// Whether the medium can be taken out.
    package var isRemovable: Bool
    /// Memory of the machine, in bytes.
    package var memory: Int64
    /// What is to be copied, in bytes.
    package var size: Int64

    /// Makes the facts.
    package init(isRemovable: Bool, memory: Int64, size: Int64) {
        self.isRemovable = isRemovable
        self.memory = memory
        self.size = size
    }

    /// What the copy needs in all, in bytes.
    package var needed: Int64 { LiveMemory.needed(for: size) }

    /// Why the image stays on its medium; nil when it is copied.
    package func reasonAgainst(_ policy: MemoryCopyPolicy) -> String? {
        switch policy {
        case .no: return "lifeboot.toram=no"
        case .auto where !isRemovable: return "the medium cannot be taken out"
        case .auto, .yes:
            guard memory < needed else { return nil }
            return "a copy in memory takes \(Self.megabytes(needed)) MB, and there are \(Self.megabytes(memory)): "
                + "the medium must not be taken out"
        }
    }

    private static func megabytes(_ bytes: Int64) -> Int64 { (bytes + 999_999) / 1_000_000 }
}
