package import GrubEnvironment
package import ImageModel

/// What a disk boots, as far as it can be read without starting it.
package struct FoundInstallation: Equatable, Sendable {
    /// Its boot environment.
    package var environment: BootEnvironment
    /// Whether what makes a firmware start it is there, which an installation writes last.
    package var isBootable: Bool

    /// Describes what was found.
    package init(environment: BootEnvironment, isBootable: Bool) {
        self.environment = environment
        self.isBootable = isBootable
    }

    /// Whether an installation of this image has been completed on it.
    ///
    /// Whether active has booted yet does not count: a medium that stays in the machine may be started before it.
    package func holds(_ image: ImageID) -> Bool {
        isBootable && environment.pending == nil && environment.active != nil && environment.recovery == image
    }
}
