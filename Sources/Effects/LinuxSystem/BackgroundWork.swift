import Glibc
import Synchronization

/// Owns a thread that does one piece of work while its owner does another; whoever ends waits for it.
///
/// For work that keeps a processor or a disk busy beside the main thread. Should there be no thread to be had, the work is
/// done before `init` returns.
@safe
package struct BackgroundWork<Value: Sendable>: ~Copyable {
    private let outcome = Outcome<Value>()
    private var thread: pthread_t?

    /// Begins the work.
    ///
    /// The corresponding C function is `pthread_create`.
    package init(_ work: @escaping @Sendable () throws -> Value) {
        let outcome = outcome
        let job = Job { outcome.set(Result { try work() }) }
        var thread = pthread_t()
        let pointer = unsafe Unmanaged.passRetained(job).toOpaque()
        let code = unsafe pthread_create(&thread, nil, { unsafe runJob($0) }, pointer)
        if code == 0 {
            self.thread = thread
        } else {
            unsafe Unmanaged<Job>.fromOpaque(pointer).release()
            job.run()
        }
    }

    /// Whether the work has ended, so that `value` does not wait for it.
    package var isDone: Bool { outcome.get() != nil }

    /// Waits for the end of the work and returns what it returned.
    ///
    /// The corresponding C function is `pthread_join`.
    ///
    /// - Throws: what the work threw.
    package mutating func value() throws -> Value {
        join()
        guard let result = outcome.get() else {
            throw SystemError(
                "waiting for", "a thread", nil, cause: "it ended without a result",
                remedy: "Report this; it is a fault.")
        }
        return try result.get()
    }

    private mutating func join() {
        guard let running = thread else { return }
        thread = nil
        _ = pthread_join(running, nil)
    }

    deinit {
        guard let thread else { return }
        _ = pthread_join(thread, nil)
    }
}

/// A thread that nobody waits for; it ends with the process at the latest.
///
/// For what may never return, such as reading a disk that does not answer.
package enum DetachedWork {
    /// Starts the work; false when there is no thread to be had, and nothing is done.
    ///
    /// The corresponding C functions are `pthread_create` and `pthread_detach`.
    package static func start(_ work: @escaping @Sendable () -> Void) -> Bool {
        var thread = pthread_t()
        let pointer = unsafe Unmanaged.passRetained(Job(work)).toOpaque()
        guard unsafe pthread_create(&thread, nil, { unsafe runJob($0) }, pointer) == 0 else {
            unsafe Unmanaged<Job>.fromOpaque(pointer).release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}

/// What a thread is given.
private final class Job: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// How a piece of work ended, once it did.
private final class Outcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    func set(_ value: Result<Value, any Error>) { result.withLock { $0 = value } }

    func get() -> Result<Value, any Error>? { result.withLock { $0 } }
}

/// The start routine of a thread.
@unsafe
private func runJob(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let pointer = unsafe pointer { unsafe Unmanaged<Job>.fromOpaque(pointer).takeRetainedValue().run() }
    return nil
}
