import Faults
import ImageModel
import JSONText
import Testing

@testable import TransactionPlanning

@Suite("How a machine stands with upgrades by itself")
struct UpdateStandingTests {
    private static func file(_ decision: JSONValue, _ memory: UpdateMemory = UpdateMemory()) -> [UInt8] {
        var document = memory.json
        document["decision"] = decision
        return JSONValue.object(document).serialized(indented: true)
    }

    @Test("every decision comes back as it was written")
    func decisions() throws {
        let image = try ImageID.fake("3")
        let all =
            [UpdateDecision.upgrade, .reboot(image)]
            + UpdateDecision.Waiting.allCases.map { .wait(until: 5, $0) }
            + UpdateDecision.Obstacle.allCases.map { .nothing($0) }
        for decision in all {
            #expect(UpdateDecision(decision.json) == decision)
            #expect(UpdateStanding(parsing: Self.file(decision.json))?.decision == decision)
            var memory = UpdateMemory()
            _ = memory.fail(at: 7, .unreachable, cause: "no route")
            let standing = UpdateStanding(decision, memory)
            #expect(UpdateStanding(parsing: standing.serialized()) == standing)
            #expect(UpdateMemory(parsing: standing.serialized()) == memory, "an older agent reads it as well")
        }
    }

    @Test(
        "what is none of ours says nothing",
        arguments: [
            [:], ["action": "dance"], ["action": "wait", "reason": "interval"],
            ["action": "wait", "until": 5, "reason": "x"],
            ["action": "nothing", "reason": "x"], ["action": "reboot", "image": "short"], "x",
        ] as [JSONValue])
    func others(_ decision: JSONValue) {
        #expect(UpdateStanding(parsing: Self.file(decision)) == nil)
        #expect(UpdateStanding(parsing: Array("{".utf8)) == nil)
    }

    @Test("the decision, the last look, and why looks fail are one text")
    func sentence() {
        var memory = UpdateMemory()
        let decision = UpdateDecision.wait(until: 86_400, .interval)
        #expect(
            UpdateStanding(decision, memory).sentence
                == "Nothing before 1970-01-02T00:00:00Z: then the channel is asked again.")
        memory.succeed(at: 3_600)
        var sentence: String { UpdateStanding(decision, memory).sentence }
        #expect(sentence.hasSuffix(" The channel last answered at 1970-01-01T01:00:00Z."))
        _ = memory.fail(at: 7_200, .unreachable, cause: "no route")
        #expect(sentence.hasSuffix("Z. A look has failed since, at 1970-01-01T02:00:00Z: no route"))
        _ = memory.fail(at: 9_000, .unreachable, cause: "no route")
        #expect(sentence.hasSuffix(" 2 looks have failed since, the last at 1970-01-01T02:30:00Z: no route"))
        #expect(UpdateStanding(decision, memory).json["failures"] == 2)
    }
}
