package import Faults
package import GrubEnvironment
package import ImageModel

/// What a commit makes of the boot environment, as data: applied to the environment as it is at that moment.
package enum RoleChange: Equatable, Sendable, CustomStringConvertible {
    /// A new image becomes active, on trial; started while this role ran.
    case upgradeActive(running: Role)
    /// A new image becomes recovery.
    case upgradeRecovery
    /// No image is passive any more, to make room.
    case giveUpPassive(ImageID)
    /// The passive image becomes active, and the active one passive.
    case rollBack

    /// The change in words.
    package var description: String {
        switch self {
        case .upgradeActive(.passive): "active = the new image, on trial; passive stays what it is"
        case .upgradeActive: "active = the new image, on trial; passive = the active image, if it is known good"
        case .upgradeRecovery: "recovery = the new image"
        case .giveUpPassive: "passive = none"
        case .rollBack: "active = the passive image; passive = the active image"
        }
    }

    /// Whether it gives a role to a new image.
    var takesImage: Bool {
        switch self {
        case .upgradeActive, .upgradeRecovery: true
        case .giveUpPassive, .rollBack: false
        }
    }

    /// Applies the change.
    ///
    /// - Parameters:
    ///   - image: the new image, for the changes that have one.
    /// - Throws: `Refusal` when the environment has changed so that the change makes no sense any more.
    package func applied(to environment: BootEnvironment, image: ImageID? = nil) throws(Refusal) -> BootEnvironment {
        var result = environment
        switch self {
        case .upgradeActive(let running): try result.install(image, running: running)
        case .upgradeRecovery:
            guard let image else { throw Self.senseless("there is no new image") }
            result.recovery = image
            result.setTries(BootEnvironment.maximumTries, of: .recovery)
        case .giveUpPassive(let given):
            guard result.passive == nil || result.passive == given, result.active != nil else {
                throw Self.senseless("passive is another image by now")
            }
            result.passive = nil
            if result.defaultRole == .passive { result.defaultRole = .active }
            if result.next == .passive { result.next = nil }
        case .rollBack: try result.rollBack()
        }
        return result
    }

    fileprivate static func senseless(_ cause: String) -> Refusal {
        Refusal(
            .impossible, "changing", "the roles", cause: cause, remedy: "See `lifeboot status` and start again.")
    }
}

extension BootEnvironment {
    /// Whether active may become what the machine falls back to: it was declared healthy and not given up.
    var activeIsKnownGood: Bool { active != nil && activeState == .good }

    fileprivate mutating func install(_ image: ImageID?, running: Role) throws(Refusal) {
        guard let image else { throw RoleChange.senseless("there is no new image") }
        guard image != active else { return }
        // The image that runs as passive is what the machine lives on; it stays, even when active is good too.
        if running != .passive, activeIsKnownGood {
            passive = active
            passiveState = .good
            setTries(Self.maximumTries, of: .passive)
        }
        active = image
        activeState = .trial
        setTries(Self.maximumTries, of: .active)
        defaultRole = .active
        next = nil
    }

    fileprivate mutating func rollBack() throws(Refusal) {
        guard let target = passive else { throw RoleChange.senseless("there is no passive image") }
        let targetState = passiveState
        passive = active
        passiveState = activeState
        let tries = tries(of: .active)
        setTries(activeState == .good ? Self.maximumTries : tries, of: .passive)
        active = target
        activeState = targetState == .good ? .good : .trial
        setTries(Self.maximumTries, of: .active)
        defaultRole = .active
        next = nil
    }
}
