import DiskContract
import GrubEnvironment
import ImageModel
import InstalledSystem
import Testing

@testable import BootExecution

@Suite("Environment repair")
struct EnvironmentRepairTests {
    static let one = ImageID("1111111111111111")
    static let two = ImageID("2222222222222222")
    static let rescue = ImageID("9999999999999999")

    static var whole: BootEnvironment {
        BootEnvironment(active: two, passive: one, recovery: rescue, activeState: .good)
    }

    static func found() throws -> [FoundImage] {
        [
            FoundImage(id: try #require(one), place: .state, sequence: 1, createdAt: 1),
            FoundImage(id: try #require(two), place: .state, sequence: 2, createdAt: 2),
            FoundImage(id: try #require(rescue), place: .recovery, sequence: 1, createdAt: 1),
        ]
    }

    static func copies(_ primary: [UInt8]?, _ backup: [UInt8]?) -> EnvironmentCopies {
        EnvironmentCopies(primary: primary, backup: backup)
    }

    @Test("a whole environment is left alone, and no disk is searched")
    func whole() throws {
        let copies = Self.copies(Self.whole.serialized(), nil)
        let repair = try EnvironmentRepair.decide(copies, running: nil) {
            Issue.record("the disks were searched")
            return []
        }
        #expect(repair == nil)
    }

    @Test(
        "a damaged environment comes back from the backup with this boot's attempt taken off",
        arguments: [
            [UInt8](repeating: 0, count: 1024), [], [UInt8](repeating: 0x23, count: 1024),
            (0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 97) },
        ] as [[UInt8]])
    func backup(damaged: [UInt8]) throws {
        let running = (role: Role.active, image: try #require(Self.two))
        let decided = try EnvironmentRepair.decide(
            Self.copies(damaged, Self.whole.serialized()), running: running, inventory: Self.found)
        let repair = try #require(decided)
        #expect(repair.environment.active == Self.two && repair.environment.passive == Self.one)
        #expect(repair.environment.recovery == Self.rescue)
        #expect(repair.environment.tries(of: .active) == BootEnvironment.maximumTries - 1)
        #expect(!repair.problems.isEmpty)
    }

    @Test("without any copy the newest images get the roles, and the one that runs keeps its own")
    func disks() throws {
        let running = (role: Role.passive, image: try #require(Self.two))
        var copies = Self.copies(nil, nil)
        copies.problems = ["reading boot.env: I/O error"]
        let repair = try #require(try EnvironmentRepair.decide(copies, running: running, inventory: Self.found))
        #expect(repair.environment.passive == Self.two && repair.environment.active == Self.one)
        #expect(repair.problems.first == "reading boot.env: I/O error")
    }

    @Test("one absurd variable costs only that variable", arguments: EnvironmentVariable.allCases)
    func absurd(variable: EnvironmentVariable) throws {
        var block = try EnvironmentBlock(parsing: Self.whole.serialized())
        block[variable.rawValue] = "absurd!"
        let decided = try EnvironmentRepair.decide(
            Self.copies(try block.serialized(), Self.whole.serialized()), running: nil, inventory: Self.found)
        let repair = try #require(decided)
        #expect(repair.problems.contains { $0.contains(variable.rawValue) && $0.contains("absurd!") })
        for role in Role.allCases { #expect(repair.environment.image(of: role) == Self.whole.image(of: role)) }
    }

    @Test("an image that the backup names is taken on its word, and no disk is searched")
    func backupSuffices() throws {
        var block = try EnvironmentBlock(parsing: Self.whole.serialized())
        block[EnvironmentVariable.active.rawValue] = "absurd!"
        var backup = Self.whole
        backup.active = ImageID("7777777777777777")
        let copies = Self.copies(try block.serialized(), backup.serialized())
        let decided = try EnvironmentRepair.decide(copies, running: nil) {
            Issue.record("the disks were searched")
            return []
        }
        #expect(decided?.environment == backup)
    }

    @Test("a role that has no image gets none because another one was absurd")
    func emptyRole() throws {
        var environment = Self.whole
        environment.passive = nil
        var block = try EnvironmentBlock(parsing: environment.serialized())
        block[EnvironmentVariable.active.rawValue] = "absurd!"
        let copies = Self.copies(try block.serialized(), nil)
        let repair = try #require(try EnvironmentRepair.decide(copies, running: nil, inventory: Self.found))
        #expect(repair.environment == environment)
    }

    @Test("an absurd image is replaced from the disks when the backup is no use", arguments: Role.allCases)
    func absurdWithoutBackup(role: Role) throws {
        var block = try EnvironmentBlock(parsing: Self.whole.serialized())
        block[EnvironmentVariable.image(of: role).rawValue] = "../../etc"
        let copies = Self.copies(try block.serialized(), [UInt8](repeating: 0, count: 1024))
        let repair = try #require(try EnvironmentRepair.decide(copies, running: nil, inventory: Self.found))
        for role in Role.allCases { #expect(repair.environment.image(of: role) == Self.whole.image(of: role)) }
    }
}
