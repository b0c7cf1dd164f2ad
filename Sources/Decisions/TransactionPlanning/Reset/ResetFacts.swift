package import GrubEnvironment
package import ImageModel

/// What is known of the persistent partition and of its key.
package struct PersistentFacts: Equatable, Sendable {
    /// Whether it holds a LUKS2 volume.
    package var isEncrypted: Bool
    /// Whether its key is on the OEM partition.
    package var hasStoredKey: Bool

    /// Makes the facts.
    package init(isEncrypted: Bool, hasStoredKey: Bool) {
        self.isEncrypted = isEncrypted
        self.hasStoredKey = hasStoredKey
    }
}

/// What a reset is planned from.
package struct ResetFacts: Equatable, Sendable {
    /// The role that runs; nil when none of this disk does.
    package var role: Role?
    /// The boot environment.
    package var environment: BootEnvironment
    /// What a pending reset remembers; nil when there is no record.
    package var record: ResetRecord?
    /// The persistent partition.
    package var persistent: PersistentFacts
    /// Whether a key file or passphrase was given to this run.
    package var isKeyGiven = false
    /// The image to deploy.
    package var image: PlannedImage
    /// The product of recovery, when the image must be of that; nil for any.
    package var product: String?
    /// Whether it is on the state partition with all its files; they are verified all the same.
    package var isDeployed = false
    /// The other images on the state partition.
    package var otherImages: [ImageID] = []
    /// Bytes on the state partition that are free or taken by what the deployment reuses or removes first; nil when its
    /// filesystem cannot be read, and will have to be mended.
    package var free: Int64?

    /// Makes facts of a machine with a sound state partition.
    package init(role: Role?, environment: BootEnvironment, persistent: PersistentFacts, image: PlannedImage) {
        self.role = role
        self.environment = environment
        self.persistent = persistent
        self.image = image
    }
}
