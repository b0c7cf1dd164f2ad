package import BootHealth
package import BootModel
package import DiskContract
package import GrubEnvironment
package import ImageModel
package import InstalledSystem
package import JSONText
package import LinuxSystem
package import SystemPackage

/// Says why the fake refuses.
package struct FakeFault: Error, CustomStringConvertible {
    package let description: String

    /// Makes a fault.
    package init(_ description: String) { self.description = description }
}

/// A machine in memory; every write is counted.
package struct FakeMachine: MachineAccess, HealthAccess {
    package var isRoot = true
    package var line =
        "lifeboot.role=active lifeboot.image=aaaaaaaaaaaaaaaa lifeboot.boot=PARTUUID=1234 lifeboot.reason=default "
        + "lifeboot.tries=2"
    package var boot = "boot-now"
    package var time: Int64 = 1_790_000_000
    package var primary: [UInt8]? = FakeMachine.environment.serialized()
    package var backup: [UInt8]? = FakeMachine.environment.serialized()
    package var stored: [StoredImage] = [.fake("a"), .fake("b"), .fake("c", .recovery)].compactMap(\.self)
    package var unreadable: Set<String> = []
    package var damagedBootFiles: [ImageID: String] = [:]
    package var damagedRoots: [ImageID: String] = [:]
    package var rings: [Store: [UInt8]] = [.state: ring, .recovery: ring]
    package var report: JSONValue?
    package var copies: [String] = []
    package var checks: [HealthCheck] = []
    package var results: [String: HealthCheckResult.Outcome] = [:]
    package var files: [String: [UInt8]] = [:]
    package var environmentWrites: [(environment: BootEnvironment, rolesChanged: Bool)] = []
    package var records: [BootRecord] = []

    package static let ring = [UInt8](repeating: 0, count: 4 * BootHistory.slotSize)

    /// Active on trial with one attempt taken, passive good, recovery whole.
    package static var environment: BootEnvironment {
        var environment = BootEnvironment(active: .fake("a"), passive: .fake("b"), recovery: .fake("c"))
        environment.setTries(2, of: .active)
        return environment
    }

    /// The environment as it is written now.
    package var current: BootEnvironment? { primary.flatMap { try? BootEnvironment.read($0).environment } }

    /// Changes what is written.
    package mutating func edit(_ change: (inout BootEnvironment) -> Void) {
        var environment = current ?? Self.environment
        change(&environment)
        primary = environment.serialized()
    }

    package init() {}

    package func lockPartitions() throws -> FileLock? { try refuse("lock", nil) }

    package func commandLine() throws -> String { try refuse("cmdline", line) }
    package func bootID() throws -> String { boot }
    package func now() -> Int64 { time }

    package func readEnvironment() throws -> EnvironmentCopies {
        try refuse("boot", EnvironmentCopies(primary: primary, backup: backup))
    }

    package mutating func writeEnvironment(_ bytes: [UInt8], first: Bool, second: Bool) throws -> String? {
        try refuse("boot-write", ())
        guard let environment = try? BootEnvironment.read(bytes).environment else { throw FakeFault("absurd") }
        environmentWrites.append((environment, second))
        if first { primary = bytes }
        if unreadable.contains("boot-second") { return "input/output error" }
        if second { backup = bytes }
        return nil
    }

    package func images(on store: Store) throws -> [StoredImage] {
        try refuse("\(store)", stored.filter { $0.store == store })
    }

    package func fault(of files: [ImageFile], in image: ImageID, on store: Store) throws -> String? {
        files.contains(.root) ? damagedRoots[image] : damagedBootFiles[image]
    }

    package mutating func open(_ store: Store) throws -> FilePath { throw FakeFault("no folders here") }
    package mutating func close(_ store: Store) throws {}
    package func read<Result>(_ store: Store, _ body: (FilePath) throws -> Result) throws -> Result {
        throw FakeFault("no folders here")
    }

    package func history(on store: Store) throws -> BootHistory {
        try refuse("\(store)", BootHistory(parsing: rings[store] ?? []))
    }

    package mutating func append(_ record: HistoryRecord, on store: Store) throws {
        try refuse("\(store)-write", ())
        guard var bytes = rings[store], let write = BootHistory(parsing: bytes).appending(record) else {
            throw FakeFault("no ring")
        }
        bytes.replaceSubrange(write.offset..<write.offset + write.bytes.count, with: write.bytes)
        rings[store] = bytes
        if let boot = record.boot { records.append(boot) }
    }

    package func copiesOfBootDisk() throws -> [String] { try refuse("copies", copies) }
    package func bootReport() throws -> JSONValue? { try refuse("report", report) }
    package func healthChecks() throws -> [HealthCheck] { try refuse("checks", checks) }

    package func run(_ check: HealthCheck, environment: [String], timeout: Int) -> HealthCheckResult {
        let outcome = results[check.name] ?? .passed
        return HealthCheckResult(check, outcome, said: outcome == .passed ? "" : "first line\nno route to host\n")
    }

    package func runtimeFile(_ name: String) throws -> [UInt8]? { files[name] }

    package mutating func writeRuntimeFile(_ name: String, _ bytes: [UInt8]) throws {
        try refuse("run-write", ())
        files[name] = bytes
    }

    private func refuse<Value>(_ what: String, _ value: Value) throws -> Value {
        if unreadable.contains(what) { throw FakeFault("input/output error") }
        return value
    }

    /// Adds a record of an operation, of this boot unless another is named.
    package mutating func addOperation(
        _ kind: OperationRecord.Kind, _ role: Role, _ image: ImageID, former: ImageID? = nil, id: String? = nil,
        ago: Int64 = 10
    ) throws {
        let record = OperationRecord(
            kind, role, image: image, former: former, title: "debian", bootID: id ?? boot, time: time - ago)
        try append(.operation(record), on: .state)
    }

    /// Adds a record of an earlier boot.
    package mutating func addBoot(
        _ outcome: BootRecord.Outcome, _ role: Role, _ image: ImageID, id: String, ago: Int64, step: String? = nil,
        cause: String? = nil
    ) throws {
        var parameters = BootParameters()
        (parameters.role, parameters.image, parameters.reason, parameters.triesLeft) = (role, image, .default, 1)
        var record = BootRecord(parameters, bootID: id, time: time - ago, outcome: outcome)
        (record.step, record.cause) = (step, cause)
        try append(.boot(record), on: .state)
        records = []
    }
}

extension ImageID {
    /// Sixteen times one digit.
    package static func fake(_ digit: Character) -> ImageID? { ImageID(String(repeating: digit, count: 16)) }
}

extension StoredImage {
    /// An image's folder with nothing wrong; `a` is debian 12.10, `b` debian 12.11 and so on.
    package static func fake(_ digit: Character, _ store: Store = .state) -> StoredImage? {
        let number = digit.hexDigitValue ?? 0
        guard let id = ImageID.fake(digit), let time = UTCTime(seconds: 1_780_000_000),
            let digest = Digest(bytes: [UInt8](repeating: 7, count: 32))
        else { return nil }
        let verity = VerityParameters(
            rootHash: digest.bytes, salt: digest.bytes, hashOffset: 4096, dataBlockSize: 4096, hashBlockSize: 4096,
            algorithm: "sha256", uuid: "11111111-2222-3333-4444-555555555555")
        var image = StoredImage(id: id, store: store)
        image.manifest = Manifest(
            name: "debian", version: "12.\(number)", sequence: Int64(number), createdAt: time, architecture: "amd64",
            osRelease: [], root: .init(format: "squashfs", size: 8192, sha256: digest, verity: verity),
            kernel: .init(size: 1, sha256: digest), initrd: .init(size: 1, sha256: digest))
        image.isTrusted = true
        return image
    }
}

extension HealthCheck {
    package static func fake(_ kind: Kind, _ name: String) -> HealthCheck {
        HealthCheck(kind, HealthCheck.directories[0].appending(kind.rawValue).appending(name))
    }
}
