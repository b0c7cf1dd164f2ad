import BootModel
import Faults
import GrubEnvironment
import ImageModel
import InstalledSystem
import JSONText
import OutputSchemas
import ReleaseModel
import TestMachines
import Testing

@testable import BootHealth

@Suite("boot-env")
struct EnvironmentCommandsTests {
    var machine = FakeMachine()

    @Test("Two sound copies have no problems and nothing is repaired")
    mutating func sound() throws {
        #expect(try EnvironmentInspection(machine).problems.isEmpty)
        #expect(try RepairedEnvironment(machine).result == nil)
        #expect(try RepairedEnvironment(machine).write(&machine) == [])
        #expect(machine.environmentWrites.isEmpty)
    }

    @Test("An absurd variable is named, and only it is replaced", arguments: EnvironmentVariable.allCases)
    mutating func absurd(variable: EnvironmentVariable) throws {
        var block = FakeMachine.environment.block
        block[variable] = "absurd"
        machine.primary = try block.serialized()
        #expect(try EnvironmentInspection(machine).problems.contains { $0.contains(variable.rawValue) })
        let repaired = try RepairedEnvironment(machine)
        #expect(try repaired.write(&machine) == [])
        #expect(machine.environmentWrites.count == 1)
        #expect(try EnvironmentInspection(machine).problems.isEmpty)
        for other in EnvironmentVariable.allCases where other != variable {
            #expect(machine.current?.text(of: other) == FakeMachine.environment.text(of: other))
        }
    }

    @Test(
        "A block that says nothing is rebuilt from the copy, what runs, and the disks",
        arguments: [
            [UInt8](repeating: 0, count: 1024), [], Array("# GRUB Environment Block\n".utf8),
        ])
    mutating func rebuilt(bytes: [UInt8]) throws {
        machine.primary = bytes
        let facts = EnvironmentFacts(machine)
        #expect(facts.environment == FakeMachine.environment, "GRUB takes the roles from the copy")
        #expect(throws: Refusal.self) { try facts.writable() }
        #expect(try RepairedEnvironment(machine).write(&machine) == [])
        #expect(machine.current?.active == .fake("a"))
        #expect(machine.current?.passive == .fake("b"))
        #expect(machine.current?.recovery == .fake("c"))
        #expect(machine.environmentWrites.first?.rolesChanged == true)
    }

    @Test("Without both copies the newest images get the roles that what runs leaves")
    mutating func rebuiltFromDisks() throws {
        machine.primary = nil
        machine.backup = nil
        let repaired = try RepairedEnvironment(machine)
        #expect(repaired.result?.active == .fake("a"), "it is running")
        #expect(repaired.result?.passive == .fake("b"))
    }

    @Test("Without any image there is nothing to write")
    mutating func nothing() {
        machine.primary = nil
        machine.backup = nil
        machine.stored = []
        machine.line = "quiet"
        #expect(throws: Refusal.self) { try RepairedEnvironment(machine) }
    }

    @Test("A missing copy is a problem of its own and is written again")
    mutating func missingBackup() throws {
        machine.backup = nil
        #expect(try EnvironmentInspection(machine).problems == ["boot.bak is missing or cannot be read"])
        #expect(try RepairedEnvironment(machine).write(&machine) == [])
        #expect(machine.backup == machine.primary)
    }

    @Test("A boot partition that cannot be read is an error, never a sound environment")
    mutating func unreadable() {
        machine.unreadable = ["boot"]
        #expect(throws: Refusal.self) { try EnvironmentInspection(machine) }
        #expect(throws: Refusal.self) { try RepairedEnvironment(machine) }
    }

    @Test("The JSON form has every variable")
    mutating func json() throws {
        let json = try EnvironmentInspection(machine).json
        try OutputSchema.check(json, "boot-env")
        #expect(json["variables"]?.object?.members.map(\.name) == EnvironmentVariable.allCases.map(\.rawValue))
    }

    @Test("A second copy that cannot be written is said, and the repair counts")
    mutating func secondCopy() throws {
        machine.primary = nil
        machine.unreadable = ["boot-second"]
        let said = try RepairedEnvironment(machine).write(&machine)
        #expect(said == ["the change counts, but its second copy could not be written: input/output error"])
        #expect(machine.current == FakeMachine.environment)
    }
}
