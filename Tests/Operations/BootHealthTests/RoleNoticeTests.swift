import BootModel
import Foundation
import GrubEnvironment
import ImageModel
import InstalledSystem
import JSONText
import SystemPackage
import TestMachines
import Testing

@testable import BootHealth

@Suite("The role on the screen")
struct RoleNoticeTests {
    private func notice(
        _ role: Role, _ reason: BootReason, _ change: (inout FakeMachine) throws -> Void = { _ in }
    ) throws -> RoleNotice {
        var machine = FakeMachine()
        let image = String(repeating: role == .active ? "a" : role == .passive ? "b" : "c", count: 16)
        machine.line =
            "lifeboot.role=\(role.rawValue) lifeboot.image=\(image) lifeboot.boot=PARTUUID=1 "
            + "lifeboot.reason=\(reason.rawValue) lifeboot.tries=2"
        machine.report = ["imageName": "debian 12"]
        machine.edit { environment in
            environment.setTries(2, of: role)
            if role != .active { environment.setTries(0, of: .active) }
            if role == .recovery { environment.setTries(0, of: .passive) }
        }
        try change(&machine)
        return RoleNotice(MachineStatus(try StatusFacts(gathering: machine, command: "record-boot")))
    }

    @Test("active has none; passive and recovery say why, and name three commands", arguments: Role.allCases)
    func roles(_ role: Role) throws {
        let lines = try notice(role, role == .active ? .default : .fallback).lines
        guard role != .active else { return #expect(lines == []) }
        #expect(
            lines.first == "This is the \(role.rawValue.uppercased()) system (debian 12): "
                + "what comes before it could not boot.")
        #expect(lines.contains { $0.hasPrefix("  active: its attempts were used up") })
        let commands = lines.drop { $0 != "What to do:" }.dropFirst().map { $0.drop { $0 == " " } }
        #expect(commands.count == 3 && commands.first == "lifeboot status")
        if role == .recovery { #expect(commands == ["lifeboot status", "lifeboot reset", "lifeboot upgrade SOURCE"]) }
    }

    @Test("a reset that is pending is the reason, and going on with it the advice")
    func pending() throws {
        let lines = try notice(.recovery, .pending) { $0.edit { $0.pending = .reset } }.lines
        #expect(lines.first?.hasSuffix("a reset is pending.") == true)
        #expect(lines.contains("  lifeboot resume"))
    }

    @Test("what a terminal or agetty would obey is not on the screen, and no reason is endless")
    func hostile() throws {
        let notice = try notice(.passive, .fallback) { machine in
            try machine.addBoot(
                .failed, .active, try #require(ImageID.fake("a")), id: "old", ago: 100, step: "mount-root",
                cause: "\u{1B}]0;x\u{7}\n\\l" + String(repeating: "long ", count: 200))
        }
        #expect(notice.lines.allSatisfy { $0.count < 220 && !$0.unicodeScalars.contains { $0.value < 0x20 } })
        let folder = try TestFolder()
        try notice.write(below: folder.path)
        let texts = try RoleNotice.files.map { file in
            try String(contentsOfFile: folder.path.appending(file.components).string, encoding: .utf8)
        }
        #expect(texts[0].contains("\\\\l") && !texts[1].contains("\\\\l"))
        try RoleNotice(MachineStatus(try StatusFacts(gathering: FakeMachine(), command: "x"))).write(below: folder.path)
        #expect(try folder.names("issue.d") == [] && folder.names("motd.d") == [])
    }
}
