import LinuxSystem
import Synchronization

/// Lets pieces of work go on beside each other, and gives what each returned as soon as it has.
final class BuildWorkers<Value: Sendable>: Sendable {
    private let signal: WakeSignal
    private let results = Mutex<[Value]>([])

    /// Has nothing to do so far.
    ///
    /// - Throws: `SystemError` when the kernel has nothing left to wait with.
    init() throws(SystemError) { signal = try WakeSignal() }

    /// Begins a piece of work; without a thread to be had it is done here.
    func start(_ work: @escaping @Sendable () -> Value) {
        let job: @Sendable () -> Void = { [self] in add(work()) }
        if !DetachedWork.start(job) { job() }
    }

    /// Begins a piece of work that may never end, or give nothing; without a thread to be had it is left out.
    func watch(_ work: @escaping @Sendable () -> Value?) {
        _ = DetachedWork.start { [self] in
            if let value = work() { add(value) }
        }
    }

    private func add(_ value: Value) {
        results.withLock { $0.append(value) }
        signal.raise()
    }

    /// Waits for the next piece of work that is done; only while one is under way, which has a limit of its own.
    ///
    /// - Throws: `SystemError` when waiting fails.
    func next() throws(SystemError) -> Value {
        while true {
            if let value = results.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return value }
            _ = try signal.wait(until: .never)
        }
    }
}
