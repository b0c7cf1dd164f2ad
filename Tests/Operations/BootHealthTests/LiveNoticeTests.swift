import Faults
import JSONText
import TestMachines
import Testing

@testable import BootHealth

@Suite("A live system on the screen")
struct LiveNoticeTests {
    private func machine(_ line: String) -> FakeMachine {
        var machine = FakeMachine()
        machine.line = line
        machine.report = ["imageName": "acme 3.0"]
        return machine
    }

    @Test("a live system says that it is one, of which image, and how it is installed")
    func live() throws {
        let notice = try #require(
            try LiveNotice.ofThisBoot(machine("lifeboot.mode=live lifeboot.image=0123456789abcdef")))
        #expect(notice.lines.first?.hasPrefix("This is a LIVE system (acme 3.0): ") == true)
        #expect(notice.lines.suffix(2) == ["  lifeboot disks", "  lifeboot install --help"])
        #expect(notice.lines.allSatisfy { $0.count < 110 })
        #expect(LiveNotice(title: nil).lines.first?.hasPrefix("This is a LIVE system: ") == true)
    }

    @Test("an installed system is none, and who is not root is refused")
    func others() throws {
        #expect(try LiveNotice.ofThisBoot(machine("lifeboot.role=active lifeboot.image=0123456789abcdef")) == nil)
        var other = machine("lifeboot.mode=live")
        other.isRoot = false
        #expect(throws: Refusal.self) { try LiveNotice.ofThisBoot(other) }
    }
}
