import BootModel
import DiskContract
import JSONText
import OutputSchemas
import SystemPackage
import Testing
import TransactionPlanning
import Transactions

@testable import AgentCommands

@Suite("persistence status")
struct PersistenceCommandTests {
    private static func state(_ path: FilePath, problem: String? = nil, marks: [FilePath] = []) -> KeptState {
        var difference = KeptDifference(limit: 0)
        difference.add(KeptChange(path.appending("a"), .changed, .content, isOlder: true), size: 3 << 20)
        difference.add(KeptChange(path.appending("b"), .added), size: 1)
        var mark = ResetMark()
        for path in marks { mark.add(path) }
        return KeptState(
            kept: KeptPath(path, .overlay, in: "state/x"), difference: problem == nil ? difference : nil,
            problem: problem, mark: mark)
    }

    @Test("says what persists, what hides the image's, what the next boot resets, and what cannot be told")
    func lines() {
        let states = [Self.state("/etc", marks: ["c", "d/e"]), Self.state("/srv", problem: "It is gone.")]
        #expect(
            PersistenceCommand.Status.lines(states, ["old"]) == [
                "PATH  MODE     DIFFERS FROM THE IMAGE  MIB  OLDER THAN IT",
                "/etc  overlay  1 added, 1 changed      4    1",
                "/srv  overlay  could not be compared",
                "/etc/a is older than this image, and hides what it has.",
                "The next boot resets /etc/c.", "The next boot resets /etc/d/e.",
                "Kept, but shown by no path: state/old on the persistent partition.", "note: /srv: It is gone.",
            ])
    }

    @Test("says in words that nothing persists")
    func nothing() {
        #expect(PersistenceCommand.Status.lines([], []) == ["No path persists."])
    }

    @Test("has the same for programs")
    func json() throws {
        let json = Self.state("/etc", marks: ["c"]).json
        try OutputSchema.check(["format": 1, "paths": [json], "unused": ["x"]], "persistence-status")
        #expect(json["path"]?.text == "/etc" && json["mode"]?.text == "overlay")
        #expect(json["added"] == 1 && json["changed"] == 1 && json["removed"] == 0 && json["hidingImage"] == 1)
        #expect(json["hiding"] == ["/etc/a"] && json["atNextBoot"] == ["/etc/c"] && json["problem"] == .null)
        var difference = KeptDifference(limit: 5)
        difference.add(KeptChange("/etc/a", .changed, .content, isOlder: true), size: 1)
        difference.add(KeptChange("/etc/b", .removed))
        let document = PersistenceCommand.Difference.json(difference, of: "/etc")
        try OutputSchema.check(document, "persistence-diff")
        #expect(document["changes"]?.elements?.count == 2 && document["path"] == "/etc")
    }
}
