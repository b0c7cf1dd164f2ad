import ArgumentParser
import BootHealth
import BootModel
import Faults
import Foundation
import GrubEnvironment
import ImageModel
import InstalledSystem
import Plans
import TestMachines
import Testing
import TransactionPlanning

@testable import AgentCommands

/// A machine in one of the states that an operator may meet.
struct AdvisedMachine: Sendable, CustomTestStringConvertible {
    var role: Role
    var reason: BootReason
    var activeState: ImageState
    var pending: PendingOperation?
    var fault: Fault
    var environment: Environment

    /// What is wrong with the active image.
    enum Fault: CaseIterable { case nothing, noKernel, torn, noTries, gone, noStore }

    /// What is wrong with the boot environment.
    enum Environment: CaseIterable { case nothing, unsaved, flawed, unusable, unreadable, lost }

    var testDescription: String {
        "\(role) \(reason) \(activeState) \(pending.map { "\($0)" } ?? "-") \(fault) \(environment)"
    }

    static var all: [AdvisedMachine] {
        var machines: [AdvisedMachine] = []
        for role in Role.allCases {
            for reason in [BootReason.default, .next, .fallback] {
                for state in ImageState.allCases {
                    for pending in [nil, .reset, .install] as [PendingOperation?] {
                        for fault in Fault.allCases {
                            machines += Environment.allCases.map {
                                AdvisedMachine(
                                    role: role, reason: reason, activeState: state, pending: pending, fault: fault,
                                    environment: $0)
                            }
                        }
                    }
                }
            }
        }
        return machines
    }

    func make() throws -> FakeMachine {
        var machine = FakeMachine()
        let image = String(repeating: role == .active ? "a" : role == .passive ? "b" : "c", count: 16)
        machine.line =
            "lifeboot.role=\(role.rawValue) lifeboot.image=\(image) lifeboot.boot=PARTUUID=1 "
            + "lifeboot.reason=\(reason.rawValue) lifeboot.tries=\(environment == .unsaved ? "uncounted" : "2")"
        machine.edit { edited in
            edited.activeState = activeState
            edited.pending = pending
            edited.setTries(2, of: role)
            if fault == .noTries { edited.setTries(0, of: .active) }
        }
        breakImage(&machine)
        try breakEnvironment(&machine)
        return machine
    }

    private func breakImage(_ machine: inout FakeMachine) {
        switch fault {
        case .nothing, .noTries: break
        case .noKernel: machine.stored[0].bootFaults = ["vmlinuz is missing"]
        case .torn: machine.stored[0].otherFaults = ["nobody has signed it"]
        case .gone: machine.stored.removeFirst()
        case .noStore: machine.unreadable.insert("state")
        }
    }

    private func breakEnvironment(_ machine: inout FakeMachine) throws {
        switch environment {
        case .nothing, .unsaved: break
        case .flawed:
            var block = (machine.current ?? FakeMachine.environment).block
            block[.defaultRole] = "actve"
            machine.primary = try block.serialized()
        case .unusable: machine.primary = [UInt8](repeating: 0, count: 1024)
        case .lost:
            machine.primary = nil
            machine.backup = nil
            machine.stored = []
        case .unreadable: machine.unreadable.insert("boot")
        }
    }
}

@Suite("What the status advises")
struct OperatorAdviceTests {
    @Test("every command is one that this machine accepts in this state")
    func accepted() throws {
        // Each command line is parsed once: that takes longer than all the rest.
        var parsed: [String: any ParsableCommand] = [:]
        for state in AdvisedMachine.all {
            let machine = try state.make()
            let facts = try StatusFacts(gathering: machine, command: "status", checkingRoots: true)
            for line in MachineStatus(facts).advice {
                for text in Self.commands(in: line) {
                    do {
                        let command =
                            try parsed[text] ?? AgentCommand.parseAsRoot(text.split(separator: " ").map(String.init))
                        parsed[text] = command
                        try accept(command, facts, machine)
                    } catch { Issue.record("\(state.testDescription): '\(text)' is refused: \(error)") }
                }
            }
        }
        let verbs = Set(parsed.keys.compactMap { $0.split(separator: " ").first })
        #expect(verbs == ["boot-env", "reset", "resume", "upgrade", "rollback", "switch"])
    }

    /// The command lines of ours that a sentence names, without the program.
    private static func commands(in line: String) -> [String] {
        line.ranges(of: "lifeboot ").compactMap { range in
            let text = line[range.upperBound...].prefix { !"&.,;".contains($0) }
            return text.first?.isLowercase == true ? text.trimmingCharacters(in: .whitespaces) : nil
        }
    }

    /// Plans what a command does.
    private func accept(_ command: any ParsableCommand, _ facts: StatusFacts, _ machine: FakeMachine) throws {
        switch command {
        case let command as SwitchCommand:
            let facts = try StatusFacts(gathering: machine, command: "switch")
            _ = try RoleSwitch(facts, to: command.role, once: command.once, isForced: command.force)
        case let command as UpgradeCommand:
            #expect(command.source == "SOURCE")
            #expect(try UpgradePlan(try upgrade(facts)).active != nil)
        case is RollbackCommand:
            let upgrade = try upgrade(facts)
            #expect(
                try RollbackPlan(
                    RollbackFacts(
                        runningRole: upgrade.runningRole, runningImage: upgrade.runningImage,
                        environment: upgrade.environment, state: upgrade.state)
                ).plan != nil)
        case let command as ResetCommand: try reset(command, facts)
        case is ResumeCommand:
            #expect(facts.parameters.role == .recovery && facts.environment.environment?.pending != nil)
        case is EnvironmentCommand.Repair: #expect(try RepairedEnvironment(machine).result != nil)
        case let other: Issue.record("nobody knows how to plan \(type(of: other))")
        }
    }

    private func reset(_ command: ResetCommand, _ facts: StatusFacts) throws {
        let image = PlannedImage(
            source: "the recovery partition", id: facts.parameters.image, title: "debian", size: 1,
            staging: ".staging-c")
        var reset = ResetFacts(
            role: facts.parameters.role, environment: try facts.environment.writable(),
            persistent: PersistentFacts(isEncrypted: false, hasStoredKey: false), image: image)
        if command.resume {
            #expect(reset.environment.pending == .reset)
        } else {
            _ = try ResetPlan.scheduling(command.request, reset)
            reset.environment = reset.environment.pendingReset(wiping: command.request.wipe)
        }
        _ = try ResetPlan.running(reset)
    }

    /// What `lifeboot upgrade` would gather on this machine, with an image that any machine takes.
    private func upgrade(_ facts: StatusFacts) throws -> UpgradeFacts {
        let store: (String) -> StoreFacts = { name in
            var store = StoreFacts(
                images: facts.images.filter { "\($0.store)" == name }.map { StoreFacts.Image($0, bytes: 1 << 20) },
                free: 1 << 40)
            if facts.unknownPlaces.contains(where: { "\($0)" == name }) { store.problem = "it cannot be read" }
            return store
        }
        let digest = try #require(Digest(hex: String(repeating: "9", count: 64)))
        var upgrade = UpgradeFacts(
            runningRole: try #require(facts.parameters.role), runningImage: try #require(facts.parameters.image),
            environment: try facts.environment.writable(), state: store("state"), recovery: store("recovery"),
            machine: MachineTraits(architecture: "amd64", agent: AgentVersion(0, 1, 0)),
            candidate: ImageCandidate(
                reference: "SOURCE", digest: digest, kind: .artifact, id: .fake("9"), name: "debian", version: "13",
                sequence: 99, architecture: "amd64", trust: .signed("vendor.pem"), bytes: 1 << 20))
        if case .failed(let why) = facts.saving { upgrade.unsavable = why }
        return upgrade
    }

    @Test(
        "recovery names a reset and an upgrade first, however it was chosen", arguments: [BootReason.fallback, .next])
    func first(_ reason: BootReason) throws {
        let state = AdvisedMachine(
            role: .recovery, reason: reason, activeState: .bad, fault: .noTries, environment: .nothing)
        let advice = MachineStatus(try StatusFacts(gathering: try state.make(), command: "status")).advice
        #expect(advice.first?.hasSuffix("lifeboot reset") == true)
        #expect(advice.dropFirst().first?.hasSuffix("lifeboot upgrade SOURCE") == true)
    }

    @Test("a pending reset or installation is gone on with")
    func pending() throws {
        for (pending, command) in [
            (PendingOperation.reset, "lifeboot resume"), (.install, "lifeboot resume"),
        ] {
            let state = AdvisedMachine(
                role: .recovery, reason: .fallback, activeState: .good, pending: pending, fault: .nothing,
                environment: .nothing)
            let advice = MachineStatus(try StatusFacts(gathering: try state.make(), command: "status")).advice
            #expect(advice.count == 1 && advice[0].hasSuffix(command))
        }
    }
}
