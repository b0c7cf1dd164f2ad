import DiskContract
import ImageModel
import Testing

@testable import GrubEnvironment

@Suite("Rebuilding the boot environment")
struct EnvironmentRebuildingTests {
    private func found(_ digit: Character, _ place: Store, _ sequence: Int64) throws -> FoundImage {
        try FoundImage(id: id(digit), place: place, sequence: sequence, createdAt: 0)
    }

    private func inventory() throws -> [FoundImage] {
        try [found("1", .state, 1), found("3", .state, 3), found("2", .state, 2), found("c", .recovery, 1)]
    }

    @Test("without anything else the newest images get the roles")
    func newest() throws {
        let reading = try BootEnvironment.rebuilt(from: inventory(), backup: nil, running: nil)
        #expect(try reading.environment == BootEnvironment(active: id("3"), passive: id("2"), recovery: id("c")))
        #expect(reading.problems.count == 3)
    }

    @Test("what runs keeps its role")
    func running() throws {
        let environment = try BootEnvironment.rebuilt(from: inventory(), backup: nil, running: (.passive, id("3")))
            .environment
        #expect(try environment.passive == id("3") && environment.active == id("2"))
    }

    @Test("the backup's roles and states hold where the images are there")
    func backup() throws {
        var backup = try BootEnvironment(
            active: id("1"), passive: id("9"), recovery: id("c"), activeState: .bad, passiveState: .bad)
        backup.defaultRole = .recovery
        backup.pending = .reset
        backup.setTries(1, of: .active)
        let environment = try BootEnvironment.rebuilt(from: inventory(), backup: backup, running: nil).environment
        #expect(try environment.active == id("1") && environment.passive == id("3"))
        #expect(environment.activeState == .bad && environment.passiveState == .good)
        #expect(environment.defaultRole == .recovery && environment.activeTries == 3)
        #expect(environment.pending == nil)
    }

    @Test("the higher sequence is newer, whatever the clocks said; among equals the later one, then the higher id")
    func order() throws {
        let images = try [
            FoundImage(id: id("5"), place: .state, sequence: 1, createdAt: 900),
            FoundImage(id: id("4"), place: .state, sequence: 2, createdAt: 100),
            FoundImage(id: id("6"), place: .recovery, sequence: 1, createdAt: 200),
            FoundImage(id: id("7"), place: .recovery, sequence: 1, createdAt: 100),
        ]
        let environment = BootEnvironment.rebuilt(from: images, backup: nil, running: nil).environment
        #expect(try environment == BootEnvironment(active: id("4"), passive: id("5"), recovery: id("6")))
        let alike = try ["8", "9"].map { try FoundImage(id: id($0), place: .state, sequence: 1, createdAt: 1) }
        let rebuilt = BootEnvironment.rebuilt(from: alike, backup: nil, running: nil).environment
        #expect(try rebuilt.active == id("9") && rebuilt.passive == id("8"))
    }

    @Test("recovery keeps its image from the backup, also when a copy of it runs from the state partition")
    func copyRuns() throws {
        let images = try inventory() + [found("1", .recovery, 1), found("4", .recovery, 4)]
        let backup = try BootEnvironment(active: id("3"), passive: id("1"), recovery: id("1"))
        let environment = try BootEnvironment.rebuilt(from: images, backup: backup, running: (.passive, id("1")))
            .environment
        #expect(environment == backup)
    }

    @Test("a passive image that was given up stays so, and a default that has no image is not kept")
    func statesOfTheBackup() throws {
        var backup = try BootEnvironment(active: id("3"), passive: id("2"), recovery: id("9"), passiveState: .bad)
        backup.defaultRole = .recovery
        let images = try [found("3", .state, 3), found("2", .state, 2)]
        let environment = BootEnvironment.rebuilt(from: images, backup: backup, running: nil).environment
        #expect(try environment.passive == id("2") && environment.passiveState == .bad)
        #expect(environment.recovery == nil && environment.defaultRole == .active)
    }

    @Test("a running recovery does not take the state partition's images")
    func recoveryRuns() throws {
        let environment = try BootEnvironment.rebuilt(
            from: inventory(), backup: sampleEnvironment(), running: (.recovery, id("c"))
        ).environment
        #expect(try environment.active == id("3") && environment.recovery == id("c"))
    }

    @Test("one image is not given two roles")
    func oneImage() throws {
        let environment = try BootEnvironment.rebuilt(
            from: [found("1", .state, 1)], backup: BootEnvironment(active: id("1")), running: (.passive, id("1"))
        ).environment
        #expect(try environment.passive == id("1"))
        #expect(environment.active == nil && environment.recovery == nil)
    }
}
