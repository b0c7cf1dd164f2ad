import BootModel
import Faults
import GrubEnvironment
import ImageModel
import JSONText
import ReleaseModel
import TestMachines
import Testing

@testable import BootHealth

@Suite("mark-good")
struct GoodMarkerTests {
    var machine = FakeMachine()

    /// Runs mark-good on the machine.
    @discardableResult
    private mutating func mark(dryRun: Bool = false) throws -> HealthReport {
        try GoodMarker(try BootParameters(machine), timeout: 60, isDryRun: dryRun).run(&machine)
    }

    @Test("A healthy boot ends the trial and restores the attempts with one write")
    mutating func healthy() throws {
        let report = try mark()
        #expect(report.verdict == .good)
        #expect(machine.environmentWrites.count == 1)
        #expect(machine.environmentWrites.first?.rolesChanged == false)
        #expect(machine.current?.activeState == .good)
        #expect(machine.current?.activeTries == BootEnvironment.maximumTries)
        #expect(machine.files[HealthReport.stamp] != nil)
        #expect(machine.records.map(\.outcome) == [.healthy])
        #expect(report.saving == .saved)
    }

    @Test("A second run changes nothing and says the same")
    mutating func idempotent() throws {
        try mark()
        let report = try mark()
        #expect(report.verdict == .good)
        #expect(report.changes.isEmpty)
        #expect(report.saving == .saved, "the counter was restored, but what GRUB did is remembered")
        #expect(machine.environmentWrites.count == 1)
        #expect(machine.records.count == 1)
    }

    @Test("A dry run runs the checks and writes nothing at all")
    mutating func dryRun() throws {
        let report = try mark(dryRun: true)
        #expect(report.verdict == .good)
        #expect(!report.changes.isEmpty)
        #expect(machine.environmentWrites.isEmpty && machine.records.isEmpty && machine.files.isEmpty)
    }

    @Test("A passive system that was fallen back to marks active bad")
    mutating func fallback() throws {
        machine.line =
            "lifeboot.role=passive lifeboot.image=bbbbbbbbbbbbbbbb lifeboot.boot=PARTUUID=1234 "
            + "lifeboot.reason=fallback lifeboot.tries=2"
        machine.edit { environment in
            environment.setTries(0, of: .active)
            environment.setTries(2, of: .passive)
        }
        try mark()
        #expect(machine.current?.activeState == .bad)
        #expect(machine.current?.passiveTries == 3)
        machine.edit { $0 = $0.switching(to: .active, once: false) ?? $0 }
        try mark()
        #expect(machine.current?.activeState == .trial, "a second run does not take back what the user said")
    }

    @Test(
        "A failed required check makes the boot unhealthy; a reboot helps only a counted one outside recovery",
        arguments: [
            ("active", "lifeboot.tries=2", true),
            ("active", "lifeboot.tries=uncounted", false),
            ("recovery", "lifeboot.tries=2", false),
        ])
    mutating func unhealthy(role: String, tries: String, rebootHelps: Bool) throws {
        let image = role == "recovery" ? "cccccccccccccccc" : "aaaaaaaaaaaaaaaa"
        machine.line =
            "lifeboot.role=\(role) lifeboot.image=\(image) lifeboot.boot=PARTUUID=1 lifeboot.reason=default \(tries)"
        machine.edit { $0.setTries(2, of: .recovery) }
        machine.checks = [.fake(.required, "10-net")]
        machine.results = ["10-net": .failed("exit status 1")]
        let report = try mark()
        #expect(report.verdict == .unhealthy && report.rebootHelps == rebootHelps)
        #expect(machine.environmentWrites.isEmpty)
        #expect(machine.files[HealthReport.stamp] == nil)
        #expect(machine.records.first?.outcome == .unhealthy)
        #expect(machine.records.first?.step == "health check 10-net")
        #expect(machine.records.first?.cause == "failed: exit status 1: no route to host")
    }

    @Test("An attempt that GRUB could not write down makes a reboot useless")
    mutating func unsavedAttempt() throws {
        machine.edit { $0.setTries(3, of: .active) }
        machine.checks = [.fake(.required, "10-net")]
        machine.results = ["10-net": .timedOut(60)]
        let report = try mark()
        #expect(report.verdict == .unhealthy && !report.rebootHelps)
    }

    @Test("A healthy run after an unhealthy one forgets what failed")
    mutating func recovered() throws {
        machine.checks = [.fake(.required, "10-net")]
        machine.results = ["10-net": .failed("exit status 1")]
        try mark()
        machine.results = [:]
        try mark()
        #expect(machine.records.last?.outcome == .healthy)
        #expect(machine.records.last?.step == nil && machine.records.last?.cause == nil)
    }

    @Test("What cannot be locked is not written, and healthy all the same")
    mutating func locking() throws {
        machine.unreadable = ["lock"]
        let report = try mark()
        #expect(report.verdict == .unsaved && machine.environmentWrites.isEmpty)
    }

    @Test("A second copy that cannot be written is a note, for the first one counts")
    mutating func secondCopy() throws {
        machine.backup = nil
        machine.unreadable = ["boot-second"]
        let report = try mark()
        #expect(report.verdict == .good && machine.current?.activeState == .good)
        #expect(report.notes.contains { $0.hasPrefix("the change counts, but its second copy could not be written") })
    }

    @Test("A missing second copy is made again")
    mutating func missingCopy() throws {
        machine.backup = nil
        #expect(try mark().verdict == .good)
        #expect(machine.backup == machine.primary)
    }

    @Test("A required check that cannot be run is neither healthy nor unhealthy")
    mutating func unchecked() throws {
        machine.checks = [.fake(.required, "10-net"), .fake(.required, "20-disk")]
        machine.results = ["20-disk": .notRun("permission denied")]
        let report = try mark()
        #expect(report.verdict == .unchecked)
        #expect(machine.environmentWrites.isEmpty && machine.records.isEmpty)
        #expect(machine.files[HealthReport.stamp] == nil)
        machine.results["10-net"] = .failed("exit status 1")
        #expect(try mark().verdict == .unhealthy, "a definite no counts more")
    }

    @Test("A wanted check that fails is reported and the boot is healthy")
    mutating func wanted() throws {
        machine.checks = [.fake(.wanted, "50-ntp")]
        machine.results = ["50-ntp": .failed("exit status 3")]
        let report = try mark()
        #expect(report.verdict == .good)
        #expect(report.lines.contains("wanted 50-ntp: failed: exit status 3"))
        let summary = machine.files[HealthReport.file].flatMap { HealthSummary(parsing: $0) }
        #expect(summary?.failures.count == 1)
    }

    @Test(
        "A boot environment that cannot be read or written is never silently good", arguments: ["boot", "boot-write"])
    mutating func unwritable(what: String) throws {
        machine.unreadable = [what]
        let report = try mark()
        #expect(report.verdict == .unsaved)
        #expect(machine.files[HealthReport.stamp] == nil)
        #expect(report.notes.contains { $0.contains("input/output error") })
    }

    @Test("Checks that cannot be listed are an error")
    mutating func unlistable() throws {
        machine.unreadable = ["checks"]
        #expect(throws: Refusal.self) { try mark() }
        let summary = machine.files[HealthReport.file].flatMap { HealthSummary(parsing: $0) }
        #expect(summary?.verdict == .checking, "so that the deadline knows that there is no verdict")
    }

    @Test("A history that cannot be written is a note and the boot is healthy")
    mutating func unwritableHistory() throws {
        machine.unreadable = ["state-write", "recovery-write"]
        let report = try mark()
        #expect(report.verdict == .good)
        #expect(report.notes.first?.contains("boot history") == true)
        #expect(machine.files[HealthReport.stamp] != nil)
    }

    @Test("After an upgrade the running image is marked in the role that it has by now")
    mutating func movedRole() throws {
        machine.edit { environment in
            environment.passive = environment.active
            environment.passiveState = .trial
            environment.active = .fake("d")
        }
        try mark()
        #expect(machine.current?.passiveState == .good)
        #expect(machine.current?.activeState == .trial, "the new image is not declared healthy by the old one")
    }

    @Test("An image that no role has any more changes nothing")
    mutating func lostRole() throws {
        machine.edit { $0.active = .fake("d") }
        let report = try mark()
        #expect(report.verdict == .good)
        #expect(machine.environmentWrites.isEmpty)
        #expect(report.notes.count == 1)
    }

    @Test("An absurd variable is repaired by the same write")
    mutating func repairs() throws {
        machine.primary = FakeMachine.environment.serialized().replacing(
            Array("recovery_tries=3".utf8), with: Array("recovery_tries=x".utf8))
        let report = try mark()
        #expect(report.verdict == .good)
        #expect(machine.environmentWrites.count == 1)
        #expect(report.changes.contains { $0.contains("recovery_tries") })
    }

    @Test("Without a role on the command line it is an error, not a verdict")
    mutating func notOurs() throws {
        machine.line = "root=/dev/sda1"
        #expect(throws: Refusal.self) { try mark() }
    }
}
