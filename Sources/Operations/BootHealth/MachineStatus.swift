import BootModel
import DiskContract
package import GrubEnvironment
package import ImageModel
package import InstalledSystem
import JSONText

/// What `lifeboot status` says, before it is laid out.
package struct MachineStatus: Equatable, Sendable {
    /// What is known about a role.
    package struct RoleStatus: Equatable, Sendable {
        /// The role.
        package var role: Role
        /// Its image; nil when it has none.
        package var image: ImageID?
        /// Name and version; nil when the manifest cannot be read.
        package var title: String?
        /// How far the image is trusted; nil for recovery.
        package var state: ImageState?
        /// Attempts left.
        package var tries: Int
        /// Whether it runs.
        package var isRunning: Bool
        /// Whether its files are there; nil when its partition cannot be read.
        package var isComplete: Bool?
        /// Why it does not run, or failed before; nil when nothing is known against it.
        package var diagnosis: ImageDiagnosis?
    }

    /// The facts it was made from.
    package var facts: StatusFacts
    /// The roles that the boot environment names; empty when it cannot be read.
    package var roles: [RoleStatus]
    /// Images that no role names.
    package var unused: [StoredImage]
    /// Everything that is not as it should be, one line each.
    package var problems: [String]
    /// What the operator can do, one line each.
    package var advice: [String]

    /// Tells the status from the facts.
    package init(_ facts: StatusFacts) {
        self.facts = facts
        roles = Role.allCases.compactMap { Self.role($0, facts) }
        let named = Set(roles.compactMap(\.image))
        unused = facts.images.filter { !named.contains($0.id) }
        problems = Self.problems(facts)
        advice = OperatorAdvice(facts).lines
    }

    /// Whether it is the image that runs, which has no role any more.
    package func isRunning(_ image: StoredImage) -> Bool {
        facts.runningRole == nil && image.id == facts.parameters.image
            && facts.parameters.role.map { Store(of: $0) } == image.store
    }

    private static func role(_ role: Role, _ facts: StatusFacts) -> RoleStatus? {
        guard let environment = facts.environment.environment else { return nil }
        let isKnown = !facts.unknownPlaces.contains(Store(of: role))
        let image = environment.image(of: role)
        return RoleStatus(
            role: role, image: image, title: facts.stored(role)?.title,
            state: image == nil ? nil : environment.state(of: role), tries: environment.tries(of: role),
            isRunning: facts.runningRole == role,
            isComplete: image != nil && isKnown ? facts.isUsable(role) && facts.stored(role)?.isWhole == true : nil,
            diagnosis: facts.diagnosis(of: role))
    }

    private static func problems(_ facts: StatusFacts) -> [String] {
        var problems = facts.environment.problems
        if case .failed(let why) = facts.saving { problems.append("GRUB could not save at this boot: \(why)") }
        problems += facts.parameters.problems.map { "kernel command line: \($0)" }
        problems += facts.copies.map { "\($0) has the identity of the boot partition: its disk is a copy of this one" }
        problems += facts.health?.failures ?? []
        problems += (facts.report?["notes"]?.elements ?? []).compactMap(\.text)
        for step in facts.report?["steps"]?.elements ?? [] {
            guard let outcome = step["outcome"]?.text, outcome != "done" else { continue }
            let name = [step["step"]?.text, step["subject"]?.text].compactMap(\.self).joined(separator: " ")
            problems.append("\(name): \(step["message"]?.text ?? outcome)")
        }
        return problems + facts.stageProblems + facts.notes.map { "could not be read: \($0)" }
    }
}
