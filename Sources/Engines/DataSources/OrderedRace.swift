package import LinuxSystem
import Synchronization

/// Does works beside each other, and takes the first in their order that has an answer, not the fastest.
package enum OrderedRace {
    /// Waits until it is certain whose answer counts, or for the deadline; what is not done then is left to itself.
    ///
    /// - Returns: what each work gave, nil for one that is not done.
    /// - Throws: `SystemError` when the kernel has nothing left to wait with.
    package static func run<Value: Sendable>(
        _ works: [@Sendable () -> Value], until deadline: Deadline, isAnswer: @Sendable (Value) -> Bool
    ) throws(SystemError) -> [Value?] {
        let results = Results<Value>(count: works.count, signal: try WakeSignal())
        for (place, work) in works.enumerated() {
            let job: @Sendable () -> Void = { results.set(work(), at: place) }
            // Without a thread the work is done here; it has limits of its own.
            if !DetachedWork.start(job) { job() }
        }
        while true {
            let values = results.values
            if isDecided(values, isAnswer) { return values }
            guard try results.signal.wait(until: deadline) else { return results.values }
        }
    }

    /// Whether no work that is still going on can change whose answer counts.
    private static func isDecided<Value>(_ values: [Value?], _ isAnswer: (Value) -> Bool) -> Bool {
        for value in values {
            guard let value else { return false }
            if isAnswer(value) { return true }
        }
        return true
    }
}

/// What works gave so far.
private final class Results<Value: Sendable>: Sendable {
    let signal: WakeSignal
    private let state: Mutex<[Value?]>

    init(count: Int, signal: WakeSignal) {
        self.signal = signal
        state = Mutex([Value?](repeating: nil, count: count))
    }

    var values: [Value?] { state.withLock { $0 } }

    func set(_ value: Value, at place: Int) {
        state.withLock { $0[place] = value }
        signal.raise()
    }
}
