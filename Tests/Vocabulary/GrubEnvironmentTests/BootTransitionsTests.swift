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

    @Test("a choice for another boot, made since GRUB cleared the one that runs, stays")
    func keepsLaterNext() throws {
        var environment = try sampleEnvironment()
        environment.next = .recovery
        #expect(environment.afterHealthyBoot(of: .passive, reason: .next).next == .recovery)
    }

    @Test("a healthy fallback gives up no active image where there is none")
    func givesNothingUp() throws {
        var environment = try sampleEnvironment()
        environment.active = nil
        #expect(environment.afterHealthyBoot(of: .passive, reason: .fallback).activeState == .good)
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

    @Test("a lasting switch takes back a choice for one boot, so that the very next boot obeys it")
    func lasting() throws {
        let once = try #require(try sampleEnvironment().switching(to: .recovery, once: true))
        let after = try #require(once.switching(to: .passive, once: false))
        #expect(after.next == nil)
        #expect(after.choice { _, _ in true }.attempt?.role == .passive)
    }

    @Test("a role without an image cannot be switched to")
    func withoutImage() throws {
        #expect(try BootEnvironment(active: id("a")).switching(to: .passive, once: false) == nil)
    }
}
