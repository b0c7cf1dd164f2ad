package import BootModel
package import GrubEnvironment
package import ImageModel
package import JSONText

/// Everything that `lifeboot status` tells from; what could not be found out is in `notes`, never left out.
package struct StatusFacts: Equatable, Sendable {
    /// The parameters of this boot.
    package var parameters: BootParameters
    /// The kernel's boot id; empty when it could not be read.
    package var bootID: String
    /// Seconds since 1970.
    package var now: Int64
    /// The boot environment.
    package var environment: EnvironmentFacts
    /// The images on both partitions.
    package var images: [StoredImage]
    /// The partitions whose images could not be listed.
    package var unknownPlaces: [FoundImage.Place]
    /// The boots on record, newest first.
    package var boots: [BootRecord]
    /// The report of the initramfs stage.
    package var report: JSONValue?
    /// What `mark-good` left.
    package var health: HealthSummary?
    /// Whether the stamp of a healthy system is there.
    package var isHealthy: Bool
    /// Images whose kernel or initrd does not match its digest, and how.
    package var damagedBootFiles: [ImageID: String]
    /// Images whose root file does not match its digest, and how.
    package var damagedRoots: [ImageID: String]
    /// What could not be found out, one line each.
    package var notes: [String]

    /// Makes facts; a test gives only those that it is about.
    package init(
        parameters: BootParameters, bootID: String = "", now: Int64 = 0, environment: EnvironmentFacts,
        images: [StoredImage] = [], boots: [BootRecord] = [], report: JSONValue? = nil, health: HealthSummary? = nil,
        isHealthy: Bool = false
    ) {
        self.parameters = parameters
        self.bootID = bootID
        self.now = now
        self.environment = environment
        self.images = images
        self.boots = boots
        self.report = report
        self.health = health
        self.isHealthy = isHealthy
        unknownPlaces = []
        damagedBootFiles = [:]
        damagedRoots = [:]
        notes = []
    }

    /// The image of a role as it was found on its partition.
    package func stored(_ role: Role) -> StoredImage? {
        guard let image = environment.environment?.image(of: role) else { return nil }
        let place = FoundImage.Place(of: role)
        return images.first { $0.id == image && $0.place == place }
    }

    /// Whether GRUB would find everything it loads for a role.
    package func isUsable(_ role: Role) -> Bool {
        guard let stored = stored(role) else { return unknownPlaces.contains(FoundImage.Place(of: role)) }
        return stored.bootFaults.isEmpty && damagedBootFiles[stored.id] == nil
    }

    /// Whether GRUB could write the boot environment when it started this system.
    package var saving: GrubSaving {
        health?.saving ?? GrubSaving(parameters, environment.primary)
    }

    /// What GRUB would boot if the machine were restarted now.
    package var nextBoot: BootAttempt? {
        let canSave = if case .failed = saving { false } else { true }
        return environment.environment?.choice(canSave: canSave) { role, _ in isUsable(role) }.attempt
    }
}
