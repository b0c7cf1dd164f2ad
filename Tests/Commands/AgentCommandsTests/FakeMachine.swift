import BootModel
import GrubEnvironment
import ImageModel
import JSONText
import SystemPackage

@testable import AgentCommands

/// Says why the fake refuses.
struct FakeFault: Error, CustomStringConvertible {
    let description: String
}

/// A machine in memory; every write is counted.
struct FakeMachine: MachineAccess {
    var isRoot = true
    var line =
        "lifeboot.role=active lifeboot.image=aaaaaaaaaaaaaaaa lifeboot.boot=PARTUUID=1234 lifeboot.reason=default "
        + "lifeboot.tries=2"
    var isLocked = false
    var boot = "boot-now"
    var time: Int64 = 1_790_000_000
    var primary: [UInt8]? = FakeMachine.environment.serialized()
    var backup: [UInt8]? = FakeMachine.environment.serialized()
    var stored: [StoredImage] = [.fake("a"), .fake("b"), .fake("c", .recovery)].compactMap(\.self)
    var unreadable: Set<String> = []
    var damagedBootFiles: [ImageID: String] = [:]
    var damagedRoots: [ImageID: String] = [:]
    var rings: [FoundImage.Place: [UInt8]] = [.state: ring, .recovery: ring]
    var report: JSONValue?
    var checks: [HealthCheck] = []
    var results: [String: HealthCheckResult.Outcome] = [:]
    var files: [String: [UInt8]] = [:]
    var environmentWrites: [(environment: BootEnvironment, rolesChanged: Bool)] = []
    var records: [BootRecord] = []

    static let ring = [UInt8](repeating: 0, count: 4 * BootHistory.slotSize)

    /// Active on trial with one attempt taken, passive good, recovery whole.
    static var environment: BootEnvironment {
        var environment = BootEnvironment(active: .fake("a"), passive: .fake("b"), recovery: .fake("c"))
        environment.setTries(2, of: .active)
        return environment
    }

    /// The environment as it is written now.
    var current: BootEnvironment? { primary.flatMap { try? BootEnvironment.read($0).environment } }

    /// Changes what is written.
    mutating func edit(_ change: (inout BootEnvironment) -> Void) {
        var environment = current ?? Self.environment
        change(&environment)
        primary = environment.serialized()
    }

    mutating func lock() throws {
        if isLocked { throw FakeFault(description: "locked twice") }
        try refuse("lock", ())
        isLocked = true
    }

    mutating func unlock() { isLocked = false }

    func commandLine() throws -> String { try refuse("cmdline", line) }
    func bootID() throws -> String { boot }
    func now() -> Int64 { time }

    func readEnvironment() throws -> EnvironmentCopies {
        try refuse("boot", EnvironmentCopies(primary: primary, backup: backup))
    }

    mutating func write(_ environment: BootEnvironment, rolesChanged: Bool) throws {
        try refuse("boot-write", ())
        environmentWrites.append((environment, rolesChanged))
        primary = environment.serialized()
        if rolesChanged { backup = primary }
    }

    func images(on place: FoundImage.Place) throws -> [StoredImage] {
        try refuse("\(place)", stored.filter { $0.place == place })
    }

    func bootFilesProblem(of image: ImageID, on place: FoundImage.Place) throws -> String? { damagedBootFiles[image] }
    func rootFileProblem(of image: ImageID, on place: FoundImage.Place) throws -> String? { damagedRoots[image] }

    func history(on place: FoundImage.Place) throws -> BootHistory {
        try refuse("\(place)", BootHistory(parsing: rings[place] ?? []))
    }

    mutating func append(_ record: BootRecord, on place: FoundImage.Place) throws {
        try refuse("\(place)-write", ())
        guard var bytes = rings[place], let write = BootHistory(parsing: bytes).appending(record) else {
            throw FakeFault(description: "no ring")
        }
        bytes.replaceSubrange(write.offset..<write.offset + write.bytes.count, with: write.bytes)
        rings[place] = bytes
        records.append(record)
    }

    func bootReport() throws -> JSONValue? { try refuse("report", report) }
    func healthChecks() throws -> [HealthCheck] { try refuse("checks", checks) }

    func run(_ check: HealthCheck, environment: [String], timeout: Int) -> HealthCheckResult {
        let outcome = results[check.name] ?? .passed
        return HealthCheckResult(check, outcome, said: outcome == .passed ? "" : "first line\nno route to host\n")
    }

    func runtimeFile(_ name: String) throws -> [UInt8]? { files[name] }

    mutating func writeRuntimeFile(_ name: String, _ bytes: [UInt8]) throws {
        try refuse("run-write", ())
        files[name] = bytes
    }

    private func refuse<Value>(_ what: String, _ value: Value) throws -> Value {
        if unreadable.contains(what) { throw FakeFault(description: "input/output error") }
        return value
    }

    /// Adds a record of an earlier boot.
    mutating func addBoot(
        _ outcome: BootRecord.Outcome, _ role: Role, _ image: ImageID, id: String, ago: Int64, step: String? = nil,
        cause: String? = nil
    ) throws {
        var parameters = BootParameters()
        (parameters.role, parameters.image, parameters.reason, parameters.triesLeft) = (role, image, .default, 1)
        var record = BootRecord(parameters, bootID: id, time: time - ago, outcome: outcome)
        (record.step, record.cause) = (step, cause)
        try append(record, on: .state)
        records = []
    }
}

extension ImageID {
    /// Sixteen times one digit.
    static func fake(_ digit: Character) -> ImageID? { ImageID(String(repeating: digit, count: 16)) }
}

extension StoredImage {
    /// An image directory with nothing wrong; `a` is debian 12.10, `b` debian 12.11 and so on.
    static func fake(_ digit: Character, _ place: FoundImage.Place = .state) -> StoredImage? {
        guard let id = ImageID.fake(digit) else { return nil }
        let number = digit.hexDigitValue ?? 0
        return StoredImage(
            id: id, place: place, title: "debian 12.\(number)", sequence: Int64(number), createdAt: 1_780_000_000)
    }
}

extension HealthCheck {
    static func fake(_ kind: Kind, _ name: String) -> HealthCheck {
        HealthCheck(kind, HealthCheck.directories[0].appending(kind.rawValue).appending(name))
    }
}
