import Faults
package import ImageSources
import Plans
package import TransactionPlanning

/// Runs the two operations of an upgrade, one after the other.
package enum UpgradeSequence {
    /// Runs active's part, then recovery's.
    ///
    /// - Throws: `TransactionFailure` when nothing was committed, or when recovery's part was cancelled.
    package static func run<Machine: OperationMachine & ~Copyable, Supplier: ImageSupplier & ~Copyable>(
        _ plan: UpgradePlan, _ effects: inout UpgradeEffects<Machine, Supplier>,
        isCancelled: @escaping () -> Bool = { false }, observer: @escaping TransactionObserver
    ) throws(TransactionFailure) -> UpgradeResult {
        var result = UpgradeResult()
        if let active = plan.active {
            result.warnings += try TransactionRunner.run(active, &effects, isCancelled: isCancelled, observer: observer)
                .warnings
            result.isChanged = true
            result.image = effects.placed.ifGiven?.id
        }
        if let recovery = plan.recovery {
            do throws(TransactionFailure) {
                let given: [DeploymentProduct] = plan.active == nil ? [] : [.image]
                result.warnings += try TransactionRunner.run(
                    recovery, &effects, given: given, isCancelled: isCancelled, observer: observer
                ).warnings
                result.isChanged = true
                result.image = effects.placed.ifGiven?.id
            } catch {
                let warning = try afterActive(error, result)
                observer(.warning(warning))
                result.warnings.append(warning)
            }
        }
        // Not told as a change: what the machine boots is what it was.
        if plan.active == nil, let removal = plan.removal {
            do throws(TransactionFailure) { _ = try TransactionRunner.run(removal, &effects, observer: observer) } catch
            {
                result.warnings.append(error.description)
            }
        }
        result.traffic = effects.supplier.traffic
        return result
    }

    /// What a failure of recovery's part means when active was upgraded: a warning, unless somebody asked to stop.
    private static func afterActive(
        _ failure: TransactionFailure, _ result: UpgradeResult
    ) throws(TransactionFailure) -> String {
        guard result.isChanged else { throw failure }
        var failure = failure
        failure.remedy =
            "Active was upgraded, recovery is as it was; `lifeboot upgrade --only recovery` upgrades it."
        if RefusalKind(failure) == .cancelled { throw failure }
        return failure.description
    }
}
