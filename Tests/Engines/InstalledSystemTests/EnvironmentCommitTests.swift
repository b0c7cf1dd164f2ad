import Faults
import GrubEnvironment
import ImageModel
import LinuxSystem
import ReleaseModel
import TestMachines
import Testing

@testable import InstalledSystem

/// Two copies in memory; the sector or the second copy may fail, before or after it was written.
private struct FakeEnvironment: EnvironmentAccess {
    var copies = EnvironmentCopies(
        primary: FakeMachine.environment.serialized(), backup: FakeMachine.environment.serialized())
    var isFirstLost = false
    var isFirstDoubtful = false
    var isSecondLost = false
    var writes: [(first: Bool, second: Bool)] = []

    func readEnvironment() throws -> EnvironmentCopies { copies }
    func lockPartitions() throws -> FileLock? { nil }

    mutating func writeEnvironment(_ bytes: [UInt8], first: Bool, second: Bool) throws -> String? {
        writes.append((first, second))
        if isFirstLost { throw FakeFault("write error") }
        if first { copies.primary = bytes }
        if isFirstDoubtful { throw FakeFault("unmount error") }
        if second, isSecondLost { return "write error" }
        if second { copies.backup = bytes }
        return nil
    }

    var current: BootEnvironment? { copies.primary.flatMap { try? BootEnvironment.read($0).environment } }
}

@Suite("The commit of the boot environment")
struct EnvironmentCommitTests {
    private var environment = FakeEnvironment()

    @Test("a change of roles is in both copies, one of attempts in the first alone")
    mutating func copies() throws {
        #expect(
            try environment.changeRoles {
                var e = $0; e.activeState = .good; return e
            } == [])
        #expect(environment.copies.primary == environment.copies.backup)
        #expect(
            try environment.changeRoles {
                var e = $0; e.setTries(1, of: .active); return e
            } == [])
        #expect(environment.writes.map(\.second) == [true, false])
        #expect(environment.current?.activeTries == 1)
    }

    @Test("how a boot went is in the first copy alone")
    mutating func verdict() throws {
        #expect(
            try environment.commit(isVerdict: true) { _ in
                var e = FakeMachine.environment; e.activeState = .good; return e
            } == [])
        #expect(environment.writes.map(\.second) == [false] && environment.current?.activeState == .good)
    }

    @Test("what is so already is not written")
    mutating func unchanged() throws {
        #expect(try environment.changeRoles { $0 } == [])
        #expect(try environment.commit { _ in nil } == [])
        #expect(environment.writes.isEmpty)
    }

    @Test("a sector that was not written is an error, and the old environment counts")
    mutating func lost() {
        environment.isFirstLost = true
        #expect(throws: FakeFault.self) {
            try environment.changeRoles {
                var e = $0; e.next = .recovery; return e
            }
        }
        #expect(environment.current == FakeMachine.environment)
    }

    @Test("an error after the sector is a sentence, for the new environment counts")
    mutating func doubtful() throws {
        environment.isFirstDoubtful = true
        let said = try environment.changeRoles {
            var e = $0; e.defaultRole = .passive; return e
        }
        #expect(said == ["the change counts, but its second copy could not be written: unmount error"])
        #expect(environment.current?.defaultRole == .passive)
    }

    @Test("a second copy that fails is a sentence, and is written by the next change")
    mutating func second() throws {
        environment.isSecondLost = true
        let said = try environment.changeRoles {
            var e = $0; e.passive = nil; return e
        }
        #expect(said == ["the change counts, but its second copy could not be written: write error"])
        environment.isSecondLost = false
        #expect(
            try environment.changeRoles {
                var e = $0; e.setTries(0, of: .active); return e
            } == [])
        #expect(environment.copies.backup == environment.copies.primary)
    }

    @Test("a copy that is missing or damaged is made again", arguments: [nil, [], [UInt8](repeating: 0, count: 1024)])
    mutating func missing(_ bytes: [UInt8]?) throws {
        environment.copies.backup = bytes
        #expect(try environment.changeRoles { $0 } == [])
        #expect(environment.copies.backup == FakeMachine.environment.serialized())
        environment.copies.primary = bytes
        #expect(throws: Refusal.self) { try environment.changeRoles { $0 } }
        #expect(try environment.commit { _ in FakeMachine.environment } == [])
        #expect(environment.current == FakeMachine.environment)
    }

    @Test("a change that makes no sense any more leaves everything as it is")
    mutating func senseless() {
        #expect(throws: FakeFault.self) { try environment.changeRoles { _ in throw FakeFault("gone") } }
        #expect(environment.writes.isEmpty)
    }
}
