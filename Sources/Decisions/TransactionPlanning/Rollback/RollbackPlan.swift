import BootModel
import DiskContract
package import Faults
package import GrubEnvironment
package import ImageModel
package import JSONText
package import Plans

/// Everything that a rollback is planned from.
package struct RollbackFacts: Equatable, Sendable {
    /// The role that runs.
    package var runningRole: Role
    /// The image that runs.
    package var runningImage: ImageID
    /// The boot environment.
    package var environment: BootEnvironment
    /// The state partition.
    package var state: StoreFacts

    /// Gathers facts.
    package init(runningRole: Role, runningImage: ImageID, environment: BootEnvironment, state: StoreFacts) {
        self.runningRole = runningRole
        self.runningImage = runningImage
        self.environment = environment
        self.state = state
    }
}

/// What a rollback does: active and passive change places, in one sector.
package struct RollbackPlan: Equatable, Sendable {
    /// The operation; nil when it was rolled back already and the machine only has to be restarted.
    package var plan: Plan<RollbackAction>?
    /// What the operator should know, a sentence each.
    package var notes: [String] = []
    /// The image that is active afterwards, and starts when the machine is restarted.
    package var image: ImageID?

    /// Plans a rollback.
    ///
    /// Asked twice before a restart, the second time changes nothing: what runs tells which image is to be left.
    ///
    /// - Throws: `Refusal` when passive has no image, was given up or is not whole, or when an operation is pending.
    package init(_ facts: RollbackFacts) throws(Refusal) {
        let environment = facts.environment
        if let pending = environment.pending {
            throw Self.refusal(
                "a \(pending.rawValue) is pending", remedy: "Restart the machine, so that recovery finishes it.")
        }
        if Self.isDone(facts) {
            notes = ["it was rolled back already; restart the machine"]
            image = environment.active
            return
        }
        guard let passive = environment.passive else {
            throw Self.refusal("there is no passive image", remedy: "See `lifeboot status`.")
        }
        guard environment.passiveState != .bad else {
            throw Self.refusal(
                "the passive image \(passive) was given up", remedy: "`lifeboot switch passive` tries it all the same.")
        }
        guard let stored = facts.state.image(passive), stored.isWhole else {
            throw Self.refusal("the passive image \(passive) is not whole", remedy: "See `lifeboot status`.")
        }
        image = passive
        plan = Self.plan(environment, stored, facts.state.image(environment.active))
    }

    private static func plan(
        _ environment: BootEnvironment, _ passive: StoreFacts.Image, _ active: StoreFacts.Image?
    ) -> Plan<RollbackAction> {
        let steps: [Step<RollbackAction>] = [
            .init(.prepare, .verifyImage(passive.id)), .init(.commit, .exchangeRoles),
            .init(
                .finish,
                .noteHistory(
                    HistoryNote(.rollback, .active, former: environment.active, title: passive.title), passive.id)),
        ]
        let title: (StoreFacts.Image?) -> String = { image in
            image.map { "\($0.version ?? "?") (\($0.id))" } ?? "nothing"
        }
        let note =
            switch environment.activeState {
            case .good: "the image that is left becomes passive; a second rollback after a restart returns to it"
            case .trial: "the image that is left becomes passive, still on trial"
            case .bad:
                "the image that is left becomes passive and stays given up: only recovery is left to fall back to"
            }
        return Plan("rollback", "active: \(title(active)) -> \(title(passive))", steps, notes: [note])
    }

    /// Whether the roles were changed since this boot.
    private static func isDone(_ facts: RollbackFacts) -> Bool {
        switch facts.runningRole {
        case .active: facts.environment.passive == facts.runningImage && facts.environment.active != facts.runningImage
        case .passive: facts.environment.active == facts.runningImage
        case .recovery: false
        }
    }

    private static func refusal(_ cause: String, remedy: String) -> Refusal {
        Refusal(.impossible, "rolling back", "active", cause: cause, remedy: remedy)
    }
}

extension RollbackPlan {
    /// The plan for people and for golden tests.
    package var lines: [String] { (plan?.lines ?? ["Nothing to do."]) + notes.map { "note: \($0)" } }
}

/// What the steps of a rollback do.
package enum RollbackAction: PlannedAction {
    /// Reads the passive image, and compares every digest.
    case verifyImage(ImageID)
    /// Exchanges active and passive: one sector of `boot.env`.
    case exchangeRoles
    /// Writes into the history which image is active now.
    case noteHistory(HistoryNote, ImageID)

    /// The kind of action.
    package var name: String {
        switch self {
        case .verifyImage: "verify-image"
        case .exchangeRoles: "commit"
        case .noteHistory: "note-history"
        }
    }

    /// What it is done to.
    package var subject: String {
        switch self {
        case .verifyImage(let image): "\(image) on state"
        case .exchangeRoles: "\(RoleChange.rollBack)"
        case .noteHistory(let note, _): "\(note)"
        }
    }

    /// One sentence on what is done and why.
    package var explanation: String {
        switch self {
        case .verifyImage: "Compare the image's files with their digests; it is here already."
        case .exchangeRoles:
            "Write one sector of boot.env, after reading it again: from here on the new roles count."
        case .noteHistory: HistoryNote.explanation
        }
    }

    /// What it holds, for programs.
    package var json: JSONValue {
        switch self {
        case .verifyImage(let image): ["partition": "state", "image": .string(image.description)]
        case .exchangeRoles: ["change": .string("\(RoleChange.rollBack)")]
        case .noteHistory(let note, let image): note.json(image)
        }
    }
}
