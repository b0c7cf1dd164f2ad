import JSONText
import Plans

/// What rehearsed steps give each other.
enum RehearsedProduct: String, StepProduct {
    case key = "the key"
    case door = "the open door"
}

/// An action that is only a word, with what it needs and gives.
struct RehearsedAction: PlannedAction {
    var name: String
    var needs: [RehearsedProduct] = []
    var gives: [RehearsedProduct] = []
    var subject: String { "it" }
    var explanation: String { "Do \(name)." }
    var json: JSONValue { ["word": .string(name)] }
}

extension Step<RehearsedAction> {
    /// A step of a plan without a commit.
    static func step(
        _ name: String, needs: [RehearsedProduct] = [], gives: [RehearsedProduct] = [],
        _ requirement: Requirement = .required
    ) -> Self {
        Step(RehearsedAction(name: name, needs: needs, gives: gives), requirement)
    }
}

/// Says that a step was made to fail.
struct Rehearsal: Error, CustomStringConvertible {
    var description: String { "it was made to fail" }
}

/// Effects that write down what is done, and fail where they are told to; every action takes a millisecond.
struct RehearsedEffects: UnwindEffects, ~Copyable {
    var failing: Set<String> = []
    var noting: Set<String> = []
    var failsToUndo = false
    private(set) var done: [String] = []
    private(set) var undone: [String] = []
    private var clock: Int64 = 0
    private let lines = Lines()

    private final class Lines { var all: [String] = [] }

    init(failing: Set<String> = [], noting: Set<String> = []) {
        self.failing = failing
        self.noting = noting
    }

    var logged: [String] { lines.all }

    mutating func perform(_ action: RehearsedAction) throws -> StepResult<String> {
        clock += 1000
        if failing.contains(action.name) { throw Rehearsal() }
        done.append(action.name)
        return StepResult(
            note: noting.contains(action.name) ? "\(action.name) was odd" : nil,
            undo: ["\(action.name)1", "\(action.name)2"])
    }

    mutating func undo(_ action: String) throws {
        undone.append(action)
        if failsToUndo { throw Rehearsal() }
    }

    func now() -> Int64 { clock }

    func log(_ line: String) { lines.all.append(line) }
}
