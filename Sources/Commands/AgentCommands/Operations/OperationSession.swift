import CommandOutput
import InstalledSystem
import JSONText
import LinuxSystem
import Plans
import ReleaseModel
import TransactionPlanning
import Transactions

/// What a command needs while it carries out an operation: the lock, the signals, and somebody to tell.
struct OperationSession {
    private let operation: String
    private let lock: FileLock
    private let output: Output

    /// Takes the machine for an operation and notes signals from now on.
    ///
    /// - Throws: `CommandFailure` when this is not root; `Refusal` when another operation is at work.
    init(_ operation: String, _ output: Output) throws {
        guard ThisProcess.isRoot else { throw Refusal.notRoot(operation) }
        self.operation = operation
        self.output = output
        lock = try OperationLock.take(operation)
        try Interruption.catchSignals()
    }

    /// Runs a plan and shows what happens.
    ///
    /// - Parameter remedy: what to do when it fails, where that is not to try again.
    /// - Throws: `TransactionFailure`.
    func run<Effects: TransactionEffects & ~Copyable>(
        _ plan: Plan<Effects.Action>, _ effects: inout Effects, remedy: String? = nil
    ) throws -> TransactionOutcome {
        do {
            return try TransactionRunner.run(
                plan, &effects, isCancelled: { Interruption.isRequested }, observer: output.report)
        } catch {
            var failure = error
            if let remedy { failure.remedy = remedy }
            throw failure
        }
    }

    /// Says that all went well, as the last line.
    func finish(_ sentence: String, _ outcome: TransactionOutcome) {
        output.end(
            OperationResult(
                operation, changed: true, sentence, notes: outcome.notes, warnings: outcome.warnings))
    }
}

/// Ends this machine's run after an operation.
enum MachineEnd: String, Sendable {
    /// Starts it again.
    case reboot
    /// Switches it off.
    case powerOff = "poweroff"

    /// Asks systemd for it, or the kernel where there is no systemd.
    ///
    /// - Throws: `SystemError` when neither can.
    func perform() throws {
        let outcome = try? ChildProcess.run("systemctl", ["--no-block", rawValue], timeout: .seconds(30))
        if outcome?.succeeded == true { return }
        switch self {
        case .reboot: try Reboot.restart.perform()
        case .powerOff: try Reboot.powerOff.perform()
        }
    }
}
