package import DiskContract
package import JSONText
import Plans
package import SystemPackage

/// What putting the image's own back into a kept path does.
package enum PersistenceAction: PlannedAction {
    /// Writes down what the next boot takes away before it mounts the path; nothing for a mark that goes.
    case writeMark(KeptPath, ResetMark)
    /// Copies what the image has beside the path, where nobody sees it.
    case stage(KeptPath, FilePath)
    /// Puts what was staged in its place, in one step.
    case exchange(KeptPath, FilePath)
    /// Puts what was staged where nothing is, in one step.
    case putBack(KeptPath, FilePath)
    /// Takes away what the image does not have, in one step.
    case takeAway(KeptPath, FilePath)
    /// Removes what had its place before.
    case clean(KeptPath)

    /// The kind of action.
    package var name: String {
        switch self {
        case .writeMark: "write-mark"
        case .stage: "stage"
        case .exchange: "exchange"
        case .putBack: "put-back"
        case .takeAway: "take-away"
        case .clean: "clean"
        }
    }

    /// What it is done to.
    package var subject: String {
        switch self {
        case .writeMark(let kept, let mark):
            mark.paths.isEmpty
                ? "\(kept.path): none" : mark.paths.map { kept.place(of: $0).string }.joined(separator: ", ")
        case .stage(let kept, let part), .exchange(let kept, let part), .putBack(let kept, let part),
            .takeAway(let kept, let part):
            kept.place(of: part).string
        case .clean(let kept): kept.path.string
        }
    }

    /// One sentence on what is done and why.
    package var explanation: String {
        switch self {
        case .writeMark:
            "Write down what the next boot resets before it mounts the path; while it is mounted that cannot be changed."
        case .stage: "Copy what the image has to where nobody sees it, and flush it."
        case .exchange: "Exchange the names of what is here and the copy, in one step."
        case .putBack: "Give the copy its name."
        case .takeAway: "Take what is here out of the path, in one step."
        case .clean: "Remove what was here before."
        }
    }

    /// `path`; of a mark `paths`, too.
    package var json: JSONValue {
        switch self {
        case .writeMark(let kept, let mark):
            [
                "path": .string(kept.path.string),
                "paths": .array(mark.paths.map { .string(kept.place(of: $0).string) }),
            ]
        default: ["path": .string(subject)]
        }
    }
}
