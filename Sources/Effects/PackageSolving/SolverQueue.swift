import CSolv

/// Owns one of libsolv's lists of numbers.
@safe
struct SolverQueue: ~Copyable {
    private let queue: UnsafeMutablePointer<Queue>

    /// Makes an empty list.
    ///
    /// The corresponding C function is `queue_init`.
    init() {
        unsafe queue = .allocate(capacity: 1)
        unsafe queue.initialize(to: Queue())
        unsafe queue_init(queue)
    }

    deinit {
        unsafe queue_free(queue)
        unsafe queue.deallocate()
    }

    /// The list as the library takes it, for as long as this one lives.
    var pointer: UnsafeMutablePointer<Queue> { unsafe queue }

    /// Adds a number.
    ///
    /// The corresponding C function is `queue_push`.
    borrowing func append(_ number: Id) { unsafe queue_push(queue, number) }

    /// A copy of the numbers.
    var numbers: [Id] {
        unsafe Array(UnsafeBufferPointer(start: queue.pointee.elements, count: Int(queue.pointee.count)))
    }
}
