/// Says why no plan can be made from the facts.
package struct PlanningError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, and what to do.
    package let description: String

    /// A kernel parameter that the plan cannot do without.
    package static func missing(_ parameter: String) -> PlanningError {
        PlanningError(
            description: "planning the boot: the command line has no usable \(parameter). "
                + "grub.cfg sets it; boot another entry, or add it by hand in the GRUB editor.")
    }

    /// An image that carries no signature.
    package static func unverifiableImage(_ file: String) -> PlanningError {
        PlanningError(
            description: "planning the boot: \(file) is a cOS image without a signed manifest. "
                + "Add lifeboot.verity=off to boot it unverified.")
    }
}

extension PlanningError {
    /// Something the plan depends on cannot be read.
    package static func unreadable(_ subject: String, _ reason: String) -> PlanningError {
        PlanningError(description: "planning the boot: \(subject): \(reason)")
    }
}
