import Glibc

/// Spreads work over threads.
package enum SpreadWork {
    /// Processors that there are; at least one.
    package static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Gives each thread a stretch of the items, and returns the results in their order.
    ///
    /// - Throws: what `work` throws for the first stretch that fails here, when all threads have ended.
    package static func results<Item: Sendable, Result: Sendable>(
        of items: [Item], threads: Int, _ work: @escaping @Sendable ([Item]) throws -> [Result]
    ) throws -> [Result] {
        guard threads > 1, items.count > 1 else { return try work(items) }
        let middle = max(1, items.count * (threads / 2) / threads)
        var first = BackgroundWork {
            try results(of: Array(items[..<middle]), threads: threads / 2, work)
        }
        let last = try results(of: Array(items[middle...]), threads: threads - threads / 2, work)
        return try first.value() + last
    }
}
