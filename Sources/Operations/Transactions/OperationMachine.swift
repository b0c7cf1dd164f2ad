import DiskContract
package import InstalledSystem
package import SystemPackage

/// The partitions and the boot environment as an operation uses them; a fake stands in for it in tests.
package protocol OperationMachine: EnvironmentAccess, StoreAccess, ~Copyable {
    /// Hands over the root folder of the image whose files are in a folder, mounted with what programs in it need.
    func root<Result>(of folder: FilePath, _ body: (FilePath) throws -> Result) throws -> Result
    /// Seconds since 1970 by the machine's clock.
    func now() -> Int64
}

extension OperationMachine where Self: ~Copyable {
    /// Hands over the root folder of an image; see `ImageChroot`.
    package func root<Result>(of folder: FilePath, _ body: (FilePath) throws -> Result) throws -> Result {
        try ImageChroot.with(folder, body)
    }

    /// Makes both stores read-only again; returns what failed, a line each.
    mutating func closeAll() -> [String] {
        var failures: [String] = []
        for store in Store.allCases.reversed() {
            do { try close(store) } catch { failures.append("closing the \(store) partition: \(error)") }
        }
        return failures
    }
}

extension Machine: OperationMachine {}
