/// Values that arrive at their own time, taken out by whoever waits for one of a kind.
actor Mailbox<Element: Sendable> {
    private struct Waiter {
        let accepts: @Sendable (Element) -> Bool
        let continuation: CheckedContinuation<Element?, Never>
    }

    private var unread: [Element] = []
    private var waiters: [Int: Waiter] = [:]
    private var nextWaiter = 0
    private var isClosed = false

    /// Delivers a value to the first waiter that accepts it, or keeps it for a later one.
    func post(_ element: Element) {
        guard let (number, waiter) = waiters.sorted(by: { $0.key < $1.key }).first(where: { $0.value.accepts(element) })
        else {
            unread.append(element)
            return
        }
        waiters[number] = nil
        waiter.continuation.resume(returning: element)
    }

    /// Ends all waits, now and later: nothing more will arrive.
    func close() {
        isClosed = true
        for waiter in waiters.values { waiter.continuation.resume(returning: nil) }
        waiters = [:]
    }

    /// Forgets what arrived and nobody took.
    func discardUnread() { unread = [] }

    /// Takes out the first value that is accepted.
    ///
    /// Throws a `MachineError` after `limit`, or when the sender went away.
    func first(
        _ purpose: String, within limit: Duration, where accepts: @escaping @Sendable (Element) -> Bool = { _ in true }
    ) async throws -> Element {
        if let place = unread.firstIndex(where: accepts) { return unread.remove(at: place) }
        if isClosed { throw MachineError(purpose, "the other side has gone") }
        nextWaiter += 1
        let number = nextWaiter
        let timer = Task {
            try await Task.sleep(for: limit)
            expire(number)
        }
        defer { timer.cancel() }
        let found = await withCheckedContinuation { waiters[number] = Waiter(accepts: accepts, continuation: $0) }
        guard let found else {
            throw MachineError(purpose, isClosed ? "the other side has gone" : "nothing came within \(limit)")
        }
        return found
    }

    private func expire(_ number: Int) {
        waiters.removeValue(forKey: number)?.continuation.resume(returning: nil)
    }
}
