package import Faults

/// Says why no plan can be made from the facts.
package typealias PlanningError = Fault<PlanningFault>

/// Names what a plan of a boot lacks.
package enum PlanningFault: FaultKind {
    /// A kernel parameter that the plan cannot do without.
    case missing
    /// An image that carries no signature.
    case unverifiableImage
    /// Two kernel parameters that cannot both count.
    case contradicting
    /// Something the plan depends on cannot be read.
    case unreadable
    /// A kernel parameter that a sealed system does not take.
    case sealed
}

extension PlanningError {
    private init(_ kind: PlanningFault, _ cause: String, remedy: String, underlying: (any Error)? = nil) {
        self.init(kind, "planning the boot", "", cause: cause, remedy: remedy, underlying: underlying)
    }

    /// A kernel parameter that the plan cannot do without.
    package static func missing(_ parameter: String) -> PlanningError {
        PlanningError(
            .missing, "the command line has no usable \(parameter)",
            remedy: "Boot another entry, or add what grub.cfg sets by hand in the GRUB editor.")
    }

    /// Two kernel parameters that cannot both count.
    package static func contradicting(_ one: String, _ other: String) -> PlanningError {
        PlanningError(
            .contradicting, "the command line has both \(one) and \(other)",
            remedy: "Start an entry of the menu as it is.")
    }

    /// An image that carries no signature.
    package static func unverifiableImage(_ file: String) -> PlanningError {
        PlanningError(
            .unverifiableImage, "\(file) is a cOS image without a signed manifest",
            remedy: "Add lifeboot.verity=off to boot it unverified.")
    }

    /// A kernel parameter that a sealed system does not take.
    package static func sealed(_ parameter: String) -> PlanningError {
        PlanningError(
            .sealed, "this system is sealed and does not take \(parameter)",
            remedy: "Start an entry of the menu as it is; nothing that is typed there counts.")
    }

    /// A module of the kernel that the root cannot be mounted without.
    package static func missingModule(_ name: String, _ release: String) -> PlanningError {
        PlanningError(
            .missing, "the initramfs has no module \(name) for the kernel \(release), which has it not built in",
            remedy: "Make the initramfs again for this kernel; boot another entry until then.")
    }

    /// Something the plan depends on cannot be read; the error says what to write instead.
    package static func unreadable(_ subject: String, _ error: any Error) -> PlanningError {
        PlanningError(.unreadable, "\(subject): \(error)", remedy: "", underlying: error)
    }
}
