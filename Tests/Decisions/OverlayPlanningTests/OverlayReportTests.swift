import ImageModel
import JSONText
import OutputSchemas
import Testing

@testable import OverlayPlanning

@Suite("Report on overlays")
struct OverlayReportTests {
    private typealias Make = OverlayFixture

    private static func decision() throws -> OverlayDecision {
        let node = OverlayNode("/usr/share/x", .file)
        let tree = OverlayTree([.usr, .etc], nodes: [node])
        var limits = OverlayLimits()
        limits.layers = 2
        return try Make.decide(
            [
                Make.overlay("10-a_1.2", tree), Make.overlay("20-b.tar.zst", tree),
                Make.overlay("10-a.tar", in: .system, protection: .image), Make.overlay("30-c", OverlayTree([])),
                OverlayCandidate(Make.source("40-d.raw"), protection: .none, .unreadable("no superblock")),
            ],
            policies: [
                Make.policy("20-b", required: false), Make.policy("40-d"), Make.policy("50-e"),
                Make.policy("60-f", required: false),
            ],
            Make.host(role: .passive), limits: limits)
    }

    @Test("the list has a line for each overlay, by name")
    func listing() throws {
        #expect(
            try Self.decision().listing == [
                "10-a: /oem/overlays/10-a_1.2, stacked over /usr, /etc",
                "10-a: /system/oem/overlays/10-a.tar, replaced: /oem/overlays/10-a_1.2 counts",
                "20-b: /oem/overlays/20-b.tar.zst, stacked over /usr, /etc",
                "30-c: /oem/overlays/30-c, a mask: an empty folder takes away the image's overlay of its name",
                "40-d: /oem/overlays/40-d.raw, left out, and required: it cannot be read: no superblock",
                "50-e: left out, and required: it is in neither folder of overlays",
            ])
        #expect(
            try Make.decide([Make.overlay("10-a")], Make.host(role: .recovery)).listing == [
                "10-a: /oem/overlays/10-a, not for this machine: it is for the role active or passive, and this is recovery"
            ])
        #expect(
            try Make.decide([Make.overlay("10-a.tar", OverlayTree([]))]).listing == [
                "10-a: /oem/overlays/10-a.tar, left out: it has nothing in /usr or /opt or /etc"
            ])
    }

    @Test("a check tells what is bad, conflicts, copies and remarks, and nothing when all is well")
    func findings() throws {
        #expect(
            try Self.decision().findings == [
                "40-d: /oem/overlays/40-d.raw, left out, and required: it cannot be read: no superblock",
                "50-e: left out, and required: it is in neither folder of overlays",
                "/usr/share/x of 20-b replaces that of 10-a",
                "10-a, 20-b are copied into one layer of /usr: the kernel does not take so many",
                "10-a, 20-b are copied into one layer of /etc: the kernel does not take so many",
                "60-f has a policy, and there is no such overlay",
            ])
        #expect(try Make.decide([Make.overlay("10-a")]).findings == [])
        let nodes = (0..<1002).map { OverlayNode("/usr/\($0)", .file) }
        let tree = OverlayTree([.usr], nodes: nodes)
        let many = try Make.decide([Make.overlay("10-a", tree), Make.overlay("20-b", tree)])
        #expect(many.findings.count == 1001)
        #expect(many.findings.last == "and 2 more of the kind")
        #expect(many.json["furtherConflicts"] == 2)
    }

    @Test("the JSON form says the same, with stable words")
    func json() throws {
        let json = try Self.decision().json
        try OutputSchema.check(json, "overlay-check")
        #expect(json["format"] == 1)
        let overlays = try #require(json["overlays"]?.elements)
        #expect(
            overlays.map { $0["verdict"]?.text } == ["stacked", "replaced", "stacked", "mask", "refused", "refused"])
        #expect(
            overlays.first == [
                "name": "10-a", "path": "/oem/overlays/10-a_1.2", "form": "folder", "version": "1.2",
                "verdict": "stacked",
                "hierarchies": ["/usr", "/etc"], "reason": .null, "endsBoot": false,
            ])
        #expect(
            overlays.last == [
                "name": "50-e", "path": .null, "form": .null, "version": .null, "verdict": "refused", "hierarchies": [],
                "reason": "it is in neither folder of overlays", "endsBoot": true,
            ])
        #expect(overlays[2]["form"] == "tar.zst")
        #expect(
            json["stacks"]?.elements?.first == [
                "hierarchy": "/usr", "joinsWritable": false,
                "layers": [["/oem/overlays/10-a_1.2", "/oem/overlays/20-b.tar.zst"]],
            ])
        #expect(
            json["conflicts"] == [["path": "/usr/share/x", "kind": "replaces", "upper": "20-b", "lower": "10-a"]])
        #expect(json["remarks"] == ["60-f has a policy, and there is no such overlay"])
    }

    @Test("what the folders have that is nothing is told, too")
    func remarks() throws {
        let facts = OverlayFacts(
            candidates: [], host: try Make.host(), hierarchies: [:], remarks: ["/oem/overlays/README is nothing"])
        #expect(OverlayDecision(facts).findings == ["/oem/overlays/README is nothing"])
    }
}
