import Faults
import Glibc
import Synchronization
import Testing

@testable import LinuxSystem

@Suite("Work in the background")
struct BackgroundWorkTests {
    private struct Refusal: Error, Equatable {}

    @Test("its result is waited for, and asked for again it is the same")
    func value() throws {
        let flag = Flag()
        var work = BackgroundWork {
            flag.wait()
            return 42
        }
        let isEarly = work.isDone
        #expect(!isEarly)
        flag.raise()
        #expect(try work.value() == 42)
        let isDone = work.isDone
        #expect(isDone)
        #expect(try work.value() == 42)
    }

    @Test("what it throws is thrown where it is waited for")
    func failure() {
        var work = BackgroundWork { () throws -> Int in throw Refusal() }
        #expect(throws: Refusal()) { try work.value() }
    }

    @Test("whoever does not ask for the result waits for the end all the same")
    func abandoned() {
        let done = Flag()
        do { _ = BackgroundWork { done.raise() } }
        #expect(done.isRaised)
    }

    /// Something that one thread tells another.
    private final class Flag: Sendable {
        private let state = Mutex(false)
        var isRaised: Bool { state.withLock { $0 } }
        func raise() { state.withLock { $0 = true } }
        func wait() { while !isRaised { usleep(1000) } }
    }
}
