import BootModel
import DiskContract
import GrubEnvironment
import ImageModel
import InstalledSystem
import JSONText
import LinuxSystem
import ReleaseModel
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning

@testable import Transactions

@Suite("What a machine that nobody watches knows and keeps")
struct UpdateRecordTests {
    private func facts(_ machine: FakeMachine) throws -> UpdateFacts {
        try UpdateFacts(gathering: machine, AgentConfiguration(), machineID: "m")
    }

    /// What an earlier run of this boot has left.
    private func machine(_ change: (inout UpdateMemory) -> Void) -> FakeMachine {
        var (machine, memory) = (FakeMachine(), UpdateMemory())
        memory.firstSeen = 1
        change(&memory)
        machine.files[UpdateMemory.runtimeName] = memory.serialized()
        return machine
    }

    @Test("a machine without a record begins now")
    func begins() throws {
        let facts = try facts(FakeMachine())
        #expect(facts.memory.firstSeen == FakeMachine().time && facts.memory.failures == 0)
        #expect(facts.environment.active == facts.parameters.image && facts.waiting == nil)
        #expect(!facts.isHealthy && !facts.hasChannel)
    }

    @Test("what the last run left counts, but an image that runs is not restarted for any more")
    func continues() throws {
        let other = try #require(ImageID("bbbbbbbbbbbbbbbb"))
        let running = try #require(ImageID("aaaaaaaaaaaaaaaa"))
        #expect(try facts(machine { $0.restartedFor = other }).memory.restartedFor == other)
        #expect(try facts(machine { $0.restartedFor = running }).memory.restartedFor == nil)
        #expect(try facts(machine { $0.lastSuccess = 5 }).memory.lastSuccess == 5)
    }

    @Test("a boot is healthy once its stamp is there")
    func healthy() throws {
        var machine = FakeMachine()
        machine.files["healthy"] = []
        #expect(try facts(machine).isHealthy)
    }

    @Test("a live system is told apart without asking for a disk")
    func live() throws {
        var machine = FakeMachine()
        (machine.line, machine.unreadable) = ("lifeboot.mode=live lifeboot.image=aaaaaaaaaaaaaaaa", ["boot"])
        #expect(UpdateDecision(try facts(machine)) == .nothing(.live))
    }

    @Test("where nothing is done by itself the decision is kept for this boot alone")
    func keepsDecision() throws {
        var machine = FakeMachine()
        #expect(UpdateRecord.decision(machine) == nil)
        let decision = UpdateDecision.nothing(.recovery)
        #expect(UpdateRecord.keep(UpdateMemory(), decision, &machine) == nil)
        #expect(UpdateRecord.decision(machine) == decision.json)
        #expect(UpdateRecord.memory(machine) == UpdateMemory(), "the decision beside it changes nothing")
    }

    @Test("the record on the disk is written as a whole and read again, beside the channel's")
    func file() throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "update")
        var memory = UpdateMemory()
        (memory.firstSeen, memory.failures) = (7, 2)
        try UpdateRecord.write(memory, at: folder.path)
        let bytes = try FileBytes.read(folder.path.appending("lifeboot/update.json"), limit: 1 << 16)
        #expect(UpdateMemory(parsing: bytes) == memory)
    }
}
