package import JSONText
import Plans

/// One action of a stage and the place that asks for it.
package struct StageAction: PlannedAction {
    /// The place.
    package var origin: StageOrigin
    /// What is done.
    package var work: StageWork

    /// Joins both.
    package init(_ work: StageWork, from origin: StageOrigin) {
        self.origin = origin
        self.work = work
    }

    /// Stable words for programs.
    package var name: String { work.name }
    /// What it is done to; never a secret.
    package var subject: String { work.subject }
    /// Who asks for it.
    package var explanation: String { "\(origin) asks for it." }
    /// Everything but secrets.
    package var json: JSONValue {
        var object = work.json.object ?? [:]
        object["origin"] = .string(origin.description)
        return .object(object)
    }
}
