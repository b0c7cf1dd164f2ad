package import BootModel
package import GrubEnvironment
package import ImageModel
package import JSONText

/// The bytes of `boot.env` and of its second copy.
package struct EnvironmentCopies: Equatable, Sendable {
    /// `boot.env`; nil when the file is not there or cannot be read.
    package var primary: [UInt8]?
    /// `boot.bak`; nil when the file is not there or cannot be read.
    package var backup: [UInt8]?
    /// Why a copy is nil, one line each.
    package var problems: [String]

    /// Pairs the copies.
    package init(primary: [UInt8]?, backup: [UInt8]?, problems: [String] = []) {
        self.primary = primary
        self.backup = backup
        self.problems = problems
    }
}

/// Everything the commands learn from the machine and do to it; a fake stands in for it in tests.
///
/// Every method throws the error of the layer that failed; none decides what a failure means.
package protocol MachineAccess {
    /// Whether this process may mount and write.
    var isRoot: Bool { get }
    /// Waits until no other lifeboot reads or writes partitions, and keeps others waiting.
    mutating func lock() throws
    /// Lets others go on.
    mutating func unlock()
    /// The kernel's command line.
    func commandLine() throws -> String
    /// The kernel's boot id.
    func bootID() throws -> String
    /// Seconds since 1970 by the machine's clock.
    func now() -> Int64
    /// Reads both copies of the boot environment.
    func readEnvironment() throws -> EnvironmentCopies
    /// Writes the boot environment, and its second copy when the roles changed.
    mutating func write(_ environment: BootEnvironment, rolesChanged: Bool) throws
    /// Lists the images on a partition.
    func images(on place: FoundImage.Place) throws -> [StoredImage]
    /// Compares kernel and initrd with their digests; nil when they match.
    func bootFilesProblem(of image: ImageID, on place: FoundImage.Place) throws -> String?
    /// Compares the root file with its digest; nil when it matches. Takes seconds for each gigabyte.
    func rootFileProblem(of image: ImageID, on place: FoundImage.Place) throws -> String?
    /// Reads the ring of boot records on a partition.
    func history(on place: FoundImage.Place) throws -> BootHistory
    /// Adds a record to the ring on a partition, or replaces the one of the same boot.
    mutating func append(_ record: BootRecord, on place: FoundImage.Place) throws
    /// Reads the report of the initramfs stage; nil when there is none.
    func bootReport() throws -> JSONValue?
    /// Lists the health checks in the order in which they run.
    func healthChecks() throws -> [HealthCheck]
    /// Runs one health check.
    func run(_ check: HealthCheck, environment: [String], timeout: Int) -> HealthCheckResult
    /// Reads a file below `/run/lifeboot`; nil when it is not there.
    func runtimeFile(_ name: String) throws -> [UInt8]?
    /// Replaces a file below `/run/lifeboot` as a whole.
    mutating func writeRuntimeFile(_ name: String, _ bytes: [UInt8]) throws
}

extension MachineAccess {
    /// Adds a record on the state partition, else on recovery's; lifeboot-init does the same.
    ///
    /// - Throws: the error of the recovery partition when neither can be written.
    mutating func append(_ record: BootRecord) throws {
        do { try append(record, on: .state) } catch { try append(record, on: .recovery) }
    }
}

extension FoundImage.Place {
    /// The partition that holds the image of a role.
    package init(of role: Role) {
        self = role == .recovery ? .recovery : .state
    }
}
