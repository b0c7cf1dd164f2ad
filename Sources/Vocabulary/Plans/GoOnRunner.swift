/// Runs all steps of a plan, whatever becomes of them: a step that fails never keeps another from being tried.
///
/// For stages of configuration, where one bad entry must not take the others with it. A step that needs what a failed
/// one was to give is not tried, and says which one that is.
package enum GoOnRunner {
    /// Runs a plan and times its steps.
    ///
    /// - Parameter given: what there is before the first step.
    /// - Returns: what became of each step, in order.
    /// - Throws: `StepFailure` for a plan that no order of steps can fulfil, before its first step.
    package static func run<Effects: PlanEffects & ~Copyable>(
        _ plan: Plan<Effects.Action>, _ effects: inout Effects, given: [Effects.Action.Product] = []
    ) throws(StepFailure) -> [StepReport] {
        try plan.check(given)
        var given = given
        var reports: [StepReport] = []
        for step in plan.steps { reports.append(effects.attempt(step, of: plan, given: &given).report) }
        return reports
    }
}
