import BootModel
import Faults
import GrubEnvironment
import ImageModel
import InstalledSystem
import ReleaseModel
import TestMachines
import Testing

@testable import BootHealth

@Suite("switch")
struct RoleSwitchTests {
    var machine = FakeMachine()
    /// What the last writing said.
    var written: [String] = []

    /// Switches and writes.
    @discardableResult
    private mutating func change(_ role: Role, once: Bool = false, force: Bool = false) throws -> RoleSwitch {
        let facts = try StatusFacts(gathering: machine, command: "switch")
        let change = try RoleSwitch(facts, to: role, once: once, isForced: force)
        written = try change.write(&machine)
        return change
    }

    @Test("A lasting choice becomes the default and is in the second copy too")
    mutating func lasting() throws {
        let change = try change(.passive)
        #expect(change.changes == ["default: active -> passive"])
        #expect(machine.environmentWrites.map(\.rolesChanged) == [true])
    }

    @Test("A choice for one boot leaves the default alone")
    mutating func once() throws {
        let change = try change(.recovery, once: true)
        #expect(change.changes == ["next: - -> recovery"])
        #expect(machine.environmentWrites.map(\.rolesChanged) == [false])
        let facts = try StatusFacts(gathering: machine, command: "status")
        #expect(facts.nextBoot?.role == .recovery)
        #expect(facts.nextBoot?.reason == .next)
    }

    @Test("An image that was given up is on trial again with all its attempts")
    mutating func again() throws {
        machine.edit { environment in
            environment.activeState = .bad
            environment.setTries(0, of: .active)
        }
        try change(.active)
        #expect(machine.current?.activeState == .trial)
        #expect(machine.current?.activeTries == 3)
    }

    @Test("What is so already is not written")
    mutating func unchanged() throws {
        machine.edit { $0.setTries(3, of: .active) }
        #expect(try change(.active).changes.isEmpty)
        #expect(machine.environmentWrites.isEmpty)
    }

    @Test("A role without an image is refused, forced or not", arguments: [false, true])
    mutating func noImage(force: Bool) throws {
        machine.edit { $0.passive = nil }
        #expect { try change(.passive, force: force) } throws: { ($0 as? Refusal)?.kind == .unbootable }
    }

    @Test("Missing or damaged files are refused unless forced", arguments: [0, 1, 2])
    mutating func damaged(kind: Int) throws {
        switch kind {
        case 0: machine.stored.removeAll { $0.id == ImageID.fake("b") }
        case 1: machine.stored[1].bootFaults = ["initrd.img is missing"]
        default: machine.unreadable = ["state"]
        }
        #expect { try change(.passive) } throws: { ($0 as? Refusal)?.kind == .unbootable }
        #expect(machine.environmentWrites.isEmpty)
        #expect(try change(.passive, force: true).warnings.count == 1)
        #expect(machine.current?.defaultRole == .passive)
    }

    @Test("A GRUB that cannot save, and a pending operation, are warned about")
    mutating func warnings() throws {
        machine.edit { environment in
            environment.setTries(3, of: .active)
            environment.pending = .reset
        }
        let warnings = try change(.passive, once: true).warnings
        #expect(warnings.count == 2)
    }

    @Test("Who is not root is told so")
    mutating func notRoot() {
        machine.isRoot = false
        #expect { try change(.passive) } throws: { "\($0)".contains("must run as root") }
    }

    @Test("An unusable boot environment is never written over by a switch")
    mutating func unusable() {
        machine.primary = []
        #expect { try change(.passive) } throws: { "\($0)".contains("boot-env repair") }
    }

    @Test("A second copy that cannot be written is said, and the change counts")
    mutating func secondCopy() throws {
        machine.unreadable = ["boot-second"]
        try change(.passive)
        #expect(machine.current?.defaultRole == .passive)
        #expect(written == ["the change counts, but its second copy could not be written: input/output error"])
    }

    @Test("A sector that cannot be written is an error, and nothing has changed")
    mutating func firstCopy() throws {
        machine.unreadable = ["boot-write"]
        #expect(throws: FakeFault.self) { try change(.passive) }
        #expect(machine.current == FakeMachine.environment)
    }

    @Test("What GRUB or another command wrote since is kept")
    mutating func meanwhile() throws {
        let facts = try StatusFacts(gathering: machine, command: "switch")
        let change = try RoleSwitch(facts, to: .recovery, once: true, isForced: false)
        machine.edit { $0.passiveState = .bad }
        _ = try change.write(&machine)
        #expect(machine.current?.next == .recovery && machine.current?.passiveState == .bad)
    }
}
