import DiskContract
import ImageModel
import Testing

@testable import GrubEnvironment

@Suite("Boot transitions")
struct BootTransitionsTests {
    @Test("a healthy trial becomes good and gets its attempts back")
    func trialBecomesGood() throws {
        var environment = try sampleEnvironment()
        environment.activeState = .trial
        environment.setTries(1, of: .active)
        let after = environment.afterHealthyBoot(of: .active, reason: .default)
        #expect(after.activeState == .good && after.activeTries == 3)
    }

    @Test(
        "only a healthy passive that was fallen back to gives active up", arguments: Role.allCases, BootReason.allCases)
    func givesActiveUp(role: Role, reason: BootReason) throws {
        let after = try sampleEnvironment().afterHealthyBoot(of: role, reason: reason)
        #expect(after.activeState == (role == .passive && reason == .fallback ? .bad : .good))
    }

    @Test("after a healthy fallback the next boot goes to passive directly")
    func directly() throws {
        let after = try sampleEnvironment().choice { role, _ in role != .active }.environment
            .afterHealthyBoot(of: .passive, reason: .fallback)
        #expect(after.choice { _, _ in true }.attempt?.role == .passive)
    }

    @Test("an image given up stays so when it is booted by hand")
    func badStays() throws {
        var environment = try sampleEnvironment()
        environment.activeState = .bad
        #expect(environment.afterHealthyBoot(of: .active, reason: .menu).activeState == .bad)
    }

    @Test("a choice for one boot that GRUB could not clear is cleared")
    func clearsNext() throws {
        var environment = try sampleEnvironment()
        environment.next = .recovery
        #expect(environment.afterHealthyBoot(of: .recovery, reason: .next).next == nil)
        #expect(environment.afterHealthyBoot(of: .recovery, reason: .pending).next == .recovery)
    }

    @Test("switching lets a role that was given up be tried again", arguments: [true, false])
    func switching(once: Bool) throws {
        var environment = try sampleEnvironment()
        environment.activeState = .bad
        environment.defaultRole = .passive
        environment.setTries(0, of: .active)
        let after = try #require(environment.switching(to: .active, once: once))
        #expect(after.activeState == .trial && after.activeTries == 3)
        #expect(after.next == (once ? .active : nil))
        #expect(after.defaultRole == (once ? .passive : .active))
    }

    @Test("a role without an image cannot be switched to")
    func withoutImage() throws {
        #expect(try BootEnvironment(active: id("a")).switching(to: .passive, once: false) == nil)
    }
}

@Suite("Rebuilding the boot environment")
struct EnvironmentRebuildingTests {
    private func found(_ digit: Character, _ place: FoundImage.Place, _ sequence: Int64) throws -> FoundImage {
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
