import BootHealth
import BootModel
import CommandOutput
import DiskContract
import GrubEnvironment
import ImageModel
import InstalledSystem
import JSONText
import OutputSchemas
import Snapshots
import TestMachines
import Testing

@testable import AgentCommands

@Suite("status")
struct MachineStatusTests {
    var machine = FakeMachine()

    /// Starts the machine in another role.
    private mutating func start(_ role: Role, _ digit: Character, reason: String, tries: String = "2") {
        let image = String(repeating: digit, count: 16)
        machine.line =
            "lifeboot.role=\(role.rawValue) lifeboot.image=\(image) lifeboot.boot=PARTUUID=1 lifeboot.reason=\(reason) "
            + "lifeboot.tries=\(tries)"
    }

    private func status() throws -> MachineStatus {
        MachineStatus(try StatusFacts(gathering: machine, command: "status", checkingRoots: true))
    }

    private func diagnosis(_ role: Role) throws -> ImageDiagnosis? {
        try status().roles.first { $0.role == role }?.diagnosis
    }

    @Test(
        "what did not work in a stage is a problem, of a boot and of an operation",
        arguments: ["boot", "before-upgrade"])
    mutating func stages(stage: String) throws {
        machine.files["stages/\(stage).json"] = Array(#"{"problems": ["/oem/1.yaml:3: no"]}"#.utf8)
        #expect(try status().problems.contains { $0.contains("/oem/1.yaml:3: no") })
    }

    @Test("A trial that just started: nothing is wrong and nothing is to be done")
    mutating func trial() throws {
        let status = try status()
        #expect(status.problems.isEmpty && status.advice.isEmpty)
        #expect(status.roles.allSatisfy { $0.diagnosis == nil && $0.isComplete == true })
        #expect(status.facts.saving == .saved)
        try Snapshot.check(status.lines, "status-trial")
    }

    @Test("A copy of the system disk is named, with what to do; other disks that cannot be looked at are a note")
    mutating func copyOfDisk() throws {
        machine.copies = ["/dev/sdb2"]
        let status = try status()
        #expect(status.problems.contains { $0.hasPrefix("/dev/sdb2 has the identity of the boot partition") })
        #expect(status.advice.contains { $0.contains("sgdisk --randomize-guids") })
        machine.unreadable = ["copies"]
        #expect(try self.status().problems.contains { $0.contains("the other disks") })
    }

    @Test("A failure of passive says nothing of recovery, even when both are copies of one image")
    mutating func copies() throws {
        start(.recovery, "b", reason: "fallback")
        machine.edit { environment in
            environment.recovery = environment.passive
            environment.setTries(0, of: .passive)
        }
        try machine.addBoot(
            .failed, .passive, try #require(.fake("b")), id: "old", ago: 100, step: "verify-manifest x", cause: "y")
        #expect(try diagnosis(.passive)?.step == "verify-manifest x")
        #expect(try diagnosis(.recovery)?.step == nil)
    }

    @Test("After a fallback the status names the step and cause of the image that failed")
    mutating func fallback() throws {
        start(.passive, "b", reason: "fallback")
        machine.edit { environment in
            environment.activeState = .bad
            environment.setTries(0, of: .active)
            environment.setTries(3, of: .passive)
        }
        for attempt in 1...3 {
            try machine.addBoot(
                .failed, .active, try #require(.fake("a")), id: "old-\(attempt)", ago: Int64(400 - attempt * 60),
                step: "verify-manifest /run/lifeboot/state/images/aaaaaaaaaaaaaaaa",
                cause: "checking manifest.json: no trusted key (vendor.pem) has signed it. Boot another image.")
        }
        machine.files[HealthReport.stamp] = [0x31]
        machine.files[HealthReport.file] = HealthReport(.good, rebootHelps: true, saving: .saved).json.serialized()
        let status = try status()
        #expect(try diagnosis(.active)?.step?.hasPrefix("verify-manifest") == true)
        #expect(try diagnosis(.passive) == nil)
        #expect(status.facts.nextBoot?.role == .passive)
        try Snapshot.check(status.lines, "status-fallback")
        try Snapshot.check(
            String(decoding: status.json.serialized(indented: true), as: UTF8.self), "status-fallback.json")
        try OutputSchema.check(status.json, "status")
    }

    @Test("In recovery it says why both others failed and what leads out")
    mutating func recovery() throws {
        start(.recovery, "c", reason: "fallback")
        machine.edit { environment in
            for role in [Role.active, .passive] { environment.setTries(0, of: role) }
            environment.setTries(2, of: .recovery)
        }
        try machine.addBoot(
            .unhealthy, .active, try #require(.fake("a")), id: "old-1", ago: 300, step: "health check 10-net",
            cause: "failed: exit status 1: no route to host")
        machine.stored[1].bootFaults = ["initrd.img has 4096 bytes instead of 31457280"]
        let status = try status()
        #expect(try diagnosis(.active)?.description == "health check 10-net: failed: exit status 1: no route to host")
        #expect(try diagnosis(.passive)?.cause.hasPrefix("GRUB passes over it: initrd.img has 4096 bytes") == true)
        #expect(status.advice.contains { $0.contains("lifeboot switch active --once") })
        #expect(!status.advice.contains { $0.contains("switch passive") })
        try Snapshot.check(status.lines, "status-recovery")
    }

    @Test("Without a record the files are read to find out why")
    mutating func unexplained() throws {
        start(.passive, "b", reason: "fallback")
        machine.edit { $0.setTries(2, of: .passive) }
        let active = try #require(ImageID.fake("a"))
        #expect(try diagnosis(.active)?.cause == "GRUB could not load its kernel or initrd")
        machine.edit { $0.setTries(0, of: .active) }
        #expect(try diagnosis(.active)?.cause.hasPrefix("its attempts were used up and none left a record") == true)
        machine.damagedRoots[active] = "root.squashfs does not match its digest in the manifest"
        #expect(try diagnosis(.active)?.cause.contains("root.squashfs does not match") == true)
        machine.damagedBootFiles[active] = "vmlinuz does not match its digest in the manifest"
        #expect(try diagnosis(.active)?.cause.contains("GRUB passes over it: vmlinuz") == true)
        machine.stored.removeAll { $0.id == active }
        #expect(try diagnosis(.active)?.cause.contains("its directory is not on the state partition") == true)
    }

    @Test("A boot that entered the system and never became healthy is told from one that was switched off early")
    mutating func neverHealthy() throws {
        let active = try #require(ImageID.fake("a"))
        try machine.addBoot(.booted, .active, active, id: "old-1", ago: 300)
        #expect(try diagnosis(.active)?.cause.contains("never declared healthy") == true)
        machine.edit { $0.setTries(3, of: .active) }
        #expect(try diagnosis(.active) == nil)
        machine.edit { $0.setTries(2, of: .active) }
        try machine.addBoot(.healthy, .active, active, id: "old-2", ago: 100)
        #expect(try diagnosis(.active) == nil, "a healthy boot followed")
    }

    @Test("What cannot be read is said and nothing is called missing")
    mutating func unreadable() throws {
        machine.unreadable = ["state", "report"]
        let status = try status()
        #expect(status.problems.count == 3)
        #expect(status.roles.first?.isComplete == nil)
        #expect(status.roles.first?.diagnosis == nil)
        try Snapshot.check(status.lines, "status-unreadable")
    }

    @Test(
        "A damaged boot environment is shown with what GRUB does instead",
        arguments: ["flawed", "unusable", "unreadable"])
    mutating func damagedEnvironment(kind: String) throws {
        switch kind {
        case "flawed":
            var block = FakeMachine.environment.block
            block[.defaultRole] = "actve"
            machine.primary = try block.serialized()
        case "unusable": machine.primary = [UInt8](repeating: 0, count: 1024)
        default: machine.unreadable = ["boot"]
        }
        let status = try status()
        #expect(status.json["bootEnvironment"]?["state"]?.text == kind)
        try OutputSchema.check(status.json, "status")
        #expect(!status.problems.isEmpty)
        #expect(!status.advice.isEmpty)
        try Snapshot.check(status.lines, "status-environment-\(kind)")
    }

    @Test("A GRUB that could not save is a problem with advice")
    mutating func uncounted() throws {
        start(.active, "a", reason: "default", tries: "uncounted")
        let status = try status()
        #expect(status.problems == ["GRUB could not save at this boot: GRUB could not write boot.env"])
        #expect(status.advice.count == 1)
    }

    @Test("Steps that were optional and failed, and failed checks, are problems")
    mutating func reported() throws {
        machine.report = [
            "format": 1,
            "steps": [
                ["step": "mount-root", "subject": "/sysroot", "outcome": "done", "message": .null],
                [
                    "step": "mount-volume", "subject": "LABEL=data on /srv", "outcome": "failed-optional",
                    "message": "not there",
                ],
            ],
        ]
        machine.checks = [.fake(.wanted, "50-ntp")]
        machine.results = ["50-ntp": .failed("exit status 3")]
        _ = try GoodMarker(try BootParameters(machine), timeout: 1, isDryRun: false).run(&machine)
        let problems = try status().problems
        #expect(problems.contains("mount-volume LABEL=data on /srv: not there"))
        #expect(problems.contains { $0.contains("50-ntp failed: exit status 3") })
        #expect(problems.count == 2)
    }

    @Test("A pin, a pending operation and unused images are shown")
    mutating func extras() throws {
        machine.edit { environment in
            environment.defaultRole = .passive
            environment.pending = .reset
        }
        machine.stored += [StoredImage.fake("d")].compactMap(\.self)
        try Snapshot.check(try status().lines, "status-extras")
    }

    @Test("After an upgrade the row of what runs is marked, and a restart starts what comes next")
    mutating func upgraded() throws {
        start(.active, "b", reason: "default", tries: "3")
        machine.edit { environment in
            environment.activeState = .trial
            environment.setTries(3, of: .active)
        }
        try machine.addOperation(.upgrade, .active, try #require(.fake("a")), former: .fake("b"))
        let status = try status()
        #expect(status.roles.filter(\.isRunning).map(\.role) == [.passive])
        #expect(status.roles.allSatisfy { $0.diagnosis == nil })
        #expect(status.json["operations"]?.elements?.count == 1)
        try OutputSchema.check(status.json, "status")
        try Snapshot.check(status.lines, "status-upgraded")
    }

    @Test("An image that runs and has no role any more is marked too")
    mutating func withoutRole() throws {
        start(.active, "d", reason: "default")
        machine.stored += [StoredImage.fake("d")].compactMap(\.self)
        let lines = try status().lines
        #expect(lines.contains { $0.hasPrefix("*-") && $0.hasSuffix("running") }, "\(lines)")
        #expect(!lines.contains { $0.hasPrefix("*active") })
    }

    @Test("One image on both partitions runs from one of them")
    mutating func twice() throws {
        start(.recovery, "c", reason: "next")
        machine.edit { $0.active = $0.recovery }
        #expect(try status().roles.filter(\.isRunning).map(\.role) == [.recovery])
    }

    @Test(
        "After a reset, an upgrade or a rollback nothing is held against the new image",
        arguments: ["reset", "upgrade"])
    mutating func anew(_ word: String) throws {
        start(.recovery, "c", reason: "fallback")
        let active = try #require(ImageID.fake("a"))
        try machine.addBoot(.failed, .active, active, id: "old", ago: 300, step: "mount-root", cause: "it is torn")
        machine.edit { environment in
            environment.setTries(3, of: .active)
            environment.passive = nil
        }
        #expect(try diagnosis(.active)?.step == "mount-root")
        try machine.addOperation(try #require(.init(rawValue: word)), .active, active)
        #expect(try diagnosis(.active) == nil)
        machine.edit { $0.setTries(2, of: .active) }
        try machine.addBoot(.failed, .active, active, id: "later", ago: 5, step: "verify-root", cause: "rotten")
        #expect(try diagnosis(.active)?.step == "verify-root", "what came after it counts again")
    }

    @Test("A rollback after a fallback: what runs is active, and the image that failed says why")
    mutating func rolledBack() throws {
        start(.passive, "b", reason: "fallback")
        machine.edit { environment in
            (environment.active, environment.passive) = (.fake("b"), .fake("a"))
            (environment.activeState, environment.passiveState) = (.good, .bad)
        }
        try machine.addOperation(.rollback, .active, try #require(.fake("b")), former: .fake("a"))
        #expect(try status().roles.filter(\.isRunning).map(\.role) == [.active])
        #expect(try diagnosis(.active) == nil)
        #expect(try diagnosis(.passive)?.cause.contains("it was given up") == true)
    }

    @Test(
        "What is to become of recovery is said",
        arguments: [
            (ImageState.trial, Character("1"), "waiting"), (.good, "1", "due"), (.good, "c", "settled"),
        ])
    mutating func recoveryUpgrade(_ state: ImageState, _ recovery: Character, _ word: String) throws {
        machine.stored += [StoredImage.fake(recovery, .recovery)].compactMap(\.self)
        machine.edit { environment in
            environment.recovery = .fake(recovery)
            environment.activeState = state
        }
        let status = try status()
        #expect(status.json["recoveryUpgrade"]?.text == word)
        #expect(status.lines.contains { $0.hasPrefix("Recovery ") } == (word != "settled"))
        let kept = MachineStatus(try StatusFacts(gathering: machine, command: "status", recoveryStays: true))
        #expect(kept.json["recoveryUpgrade"]?.text == (word == "settled" ? word : "kept"))
    }

    @Test("What is done by itself about upgrades is said where a machine upgrades by itself, and what hinders it")
    mutating func unattended() throws {
        #expect(try status().json["unattended"] == .null)
        machine.files["update.json"] = Array(
            #"""
            {"format": 1, "lastSuccess": null, "lastFailure": 5, "failures": 2, "cause": "no route",
            "decision": {"action": "nothing", "until": null, "reason": "pinned", "image": null}}
            """#.utf8)
        let status = try status()
        #expect(status.json["unattended"]?["decision"]?["reason"] == "pinned")
        try OutputSchema.check(status.json, "status")
        let text = status.lines.joined(separator: " ")
        #expect(text.contains("Upgrades   Nothing is done by itself") && text.contains("2 looks have failed since"))
    }

    @Test("A system that GRUB did not start, and a user who is not root, get one sentence")
    mutating func refusals() {
        machine.line = "root=/dev/sda1"
        #expect { try status() } throws: { "\($0)".contains("only in a system that lifeboot's grub.cfg has started") }
        machine.isRoot = false
        #expect { try status() } throws: { "\($0)".contains("must run as root") }
    }

    @Test("Every line fits 80 columns unless one word does not")
    mutating func width() throws {
        machine.stored[0].bootFaults = [String(repeating: "word ", count: 60)]
        machine.unreadable = ["recovery"]
        #expect(try status().lines.allSatisfy { $0.count <= TextTable.width })
    }
}
