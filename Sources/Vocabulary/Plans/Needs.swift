/// Says that a step cannot be done because nothing has given what it needs.
package struct UnmetNeed: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name of the step's action.
    package var step: String
    /// What it needs, for people.
    package var product: String
    /// The step that was to give it and failed; nil when no step before gives it.
    package var giver: String?

    /// One line.
    package var description: String {
        if let giver { return "\(step) needs \(product): see why \(giver) failed" }
        return "\(step) needs \(product), which no step before it gives. Report this; it is a fault."
    }
}

extension Plan {
    /// The needs that no earlier step gives, in the order of the steps.
    ///
    /// - Parameters:
    ///   - given: what there is before the first step.
    ///   - onlyRequired: whether optional steps are left out: one of them fails by itself when its turn comes.
    package func unmet(given: [Action.Product] = [], onlyRequired: Bool = false) -> [UnmetNeed] {
        var given = given
        var unmet: [UnmetNeed] = []
        for step in steps {
            let counts = !onlyRequired || step.requirement == .required
            for need in step.action.needs where counts && !given.contains(need) {
                unmet.append(UnmetNeed(step: step.action.name, product: need.words))
            }
            given += step.action.gives
        }
        return unmet
    }

    /// Refuses a plan in which a required step needs what no earlier step gives.
    func check(_ given: [Action.Product]) throws(StepFailure) {
        guard let first = unmet(given: given, onlyRequired: true).first else { return }
        throw StepFailure(step: "plan", subject: subject, error: first)
    }

    /// Refuses a step whose needs were not met, because an earlier step failed.
    func checkNeeds(of step: Step<Action>, _ given: [Action.Product]) throws(UnmetNeed) {
        guard let product = step.action.needs.first(where: { !given.contains($0) }) else { return }
        let giver = steps.first { $0.action.gives.contains(product) }?.action.name
        throw UnmetNeed(step: step.action.name, product: product.words, giver: giver)
    }
}

/// Holds what one step gives until a later one takes it.
package struct Given<Value> {
    private let product: String
    private var value: Value?

    /// Starts without it.
    package init(_ product: some StepProduct) {
        self.product = product.words
        value = nil
    }

    /// The value; nil as long as no step has given it.
    package var ifGiven: Value? { value }

    /// Gives it to later steps.
    package mutating func set(_ value: Value) { self.value = value }

    /// Takes it.
    ///
    /// - Throws: `UnmetNeed` when no step has given it, which only an action can cause that does not say what it needs.
    package func get() throws(UnmetNeed) -> Value {
        guard let value else { throw UnmetNeed(step: "a step", product: product) }
        return value
    }
}

extension Given: Sendable where Value: Sendable {}
