import Faults
import ImageModel
import SystemPackage
import Testing

@testable import OverlayPlanning

@Suite("Decision about overlays")
struct OverlayDecisionTests {
    private typealias Make = OverlayFixture

    @Test("the later number lies on top, in each hierarchy that an overlay has, whatever order the facts are in")
    func order() throws {
        let decision = try Make.decide([
            Make.overlay("30-c", OverlayTree([.usr, .etc])), Make.overlay("10-a.tar", in: .system, protection: .image),
            Make.overlay("20-b.tar.zst", OverlayTree([.opt, .usr])),
        ])
        #expect(decision.entries.map(\.name.description) == ["10-a", "20-b", "30-c"])
        #expect(
            decision.entries.map(\.verdict) == [.stacked([.usr]), .stacked([.usr, .opt]), .stacked([.usr, .etc])])
        #expect(decision.layers(.usr) == ["10-a", "20-b", "30-c"])
        #expect(decision.layers(.opt) == ["20-b"])
        #expect(decision.layers(.etc) == ["30-c"])
        #expect(decision.stacks.map(\.joinsWritable) == [false, true, true])
        #expect(decision.remarks == [] && decision.conflicts == [] && decision.failures == [])
        try decision.checkRequired()
    }

    @Test("nothing there is nothing to mount")
    func nothing() throws {
        let decision = try Make.decide([])
        #expect(decision.entries == [] && decision.stacks == [] && decision.remarks == [])
    }

    @Test(
        "of one name OEM's counts, then the newest version, then the first file",
        arguments: [
            ([("10-a.raw", .system), ("10-a", .oem)], "/oem/overlays/10-a"),
            ([("10-a_1.9.tar", .oem), ("10-a_1.10.tar", .oem)], "/oem/overlays/10-a_1.10.tar"),
            ([("10-a_9.tar", .system), ("10-a_1.tar", .oem)], "/oem/overlays/10-a_1.tar"),
            ([("10-a_1.tar", .oem), ("10-a.tar", .oem)], "/oem/overlays/10-a_1.tar"),
            ([("10-a.tar", .oem), ("10-a", .oem)], "/oem/overlays/10-a"),
        ] as [([(String, OverlayFolder)], String)])
    func replacing(overlays: [(String, OverlayFolder)], chosen: String) throws {
        for listed in [overlays, overlays.reversed()] {
            let decision = try Make.decide(listed.map { try Make.overlay($0.0, in: $0.1) })
            #expect(decision.entries.map { $0.source?.path.string }.first == chosen)
            #expect(decision.first == .stacked([.usr]))
            let winner = try #require(decision.entries.first?.source)
            #expect(decision.entries.dropFirst().map(\.verdict) == [.replaced(by: winner)])
            #expect(decision.layers(.usr) == ["10-a"])
        }
    }

    @Test("an empty folder takes the image's overlay away, unless that is required")
    func mask() throws {
        let overlays = try [
            Make.overlay("10-a.tar", in: .system, protection: .image), Make.overlay("10-a", OverlayTree([])),
        ]
        let decision = try Make.decide(overlays)
        #expect(decision.first == .mask)
        #expect(decision.stacks == [])
        let required = try Make.decide(overlays, policies: [Make.policy("10-a", .system)])
        #expect(required.first == .refused("it is an empty folder", endsBoot: true))
        let archive = try Make.decide([Make.overlay("10-a.tar", OverlayTree([]))])
        #expect(archive.first == .refused("it has nothing in /usr or /opt or /etc", endsBoot: false))
        let other = try Make.decide([Make.overlay("10-a", OverlayTree([], isEmpty: false))])
        #expect(other.first == .refused("it has nothing in /usr or /opt or /etc", endsBoot: false))
    }

    @Test(
        "a bad one is left out or ends the boot, as its policy says, and the others are stacked",
        arguments: [true, false])
    func bad(required: Bool) throws {
        let broken = OverlayCandidate(try Make.source("20-b.raw"), protection: .none, .unreadable("no superblock"))
        let decision = try Make.decide(
            [Make.overlay("10-a"), broken], policies: [Make.policy("20-b", required: required)])
        #expect(
            decision.entries.map(\.verdict) == [
                .stacked([.usr]), .refused("it cannot be read: no superblock", endsBoot: required),
            ])
        #expect(decision.layers(.usr) == ["10-a"])
        #expect(decision.failures.count == (required ? 1 : 0))
        guard required else { return try decision.checkRequired() }
        let error = #expect(throws: OverlayError.self) { try decision.checkRequired() }
        #expect(
            error?.description.hasPrefix(
                "stacking the overlay /oem/overlays/20-b.raw: it cannot be read: no superblock, and its policy says "
                    + "that it is required. Start recovery") == true)
    }

    @Test("what is required and nowhere ends the boot; what is meant for others, or not required, does not")
    func missing() throws {
        let decision = try Make.decide([], policies: [Make.policy("10-a", .system)])
        #expect(decision.first == .refused("it is in neither folder of overlays", endsBoot: true))
        #expect(throws: OverlayError.self) { try decision.checkRequired() }
        #expect(try Make.decide([], policies: [Make.policy("10-a", boards: ["x"])]).entries == [])
        let optional = try Make.decide([], policies: [Make.policy("10-a", required: false)])
        #expect(optional.entries == [])
        #expect(optional.remarks == ["10-a has a policy, and there is no such overlay"])
    }

    @Test("one that is not meant for this machine is no fault, even when it is required and damaged")
    func elsewhere() throws {
        let broken = OverlayCandidate(try Make.source("10-a.raw"), protection: .broken("x"), .unreadable("y"))
        let decision = try Make.decide(
            [broken], policies: [Make.policy("10-a", boards: ["apu2"])], Make.host(board: "rpi"))
        #expect(decision.first == .elsewhere("it is for the board apu2, and this one is rpi"))
        #expect(decision.failures == [])
    }

    @Test("recovery takes none unless it says so")
    func recovery() throws {
        let recovery = try Make.host(role: .recovery)
        let overlays = try [Make.overlay("10-a"), Make.overlay("20-b")]
        let decision = try Make.decide(
            overlays, policies: [Make.policy("10-a"), Make.policy("20-b", roles: [.recovery])], recovery)
        #expect(decision.layers(.usr) == ["20-b"])
        #expect(decision.first == .elsewhere("it is for the role active or passive, and this is recovery"))
        let active = try Make.decide(overlays, policies: [Make.policy("20-b", roles: [.recovery])])
        #expect(active.layers(.usr) == ["10-a"])
    }

    @Test("OEM's policy counts before the image's, also for an overlay of the image")
    func policies() throws {
        let overlay = OverlayCandidate(
            try Make.source("10-a.tar", .system), protection: .image, .unreadable("x"))
        let both = try [Make.policy("10-a", required: false), Make.policy("10-a", .system, required: true)]
        #expect(try Make.decide([overlay], policies: both).failures == [])
        #expect(try Make.decide([overlay], policies: Array(both.dropFirst())).failures.count == 1)
    }

    @Test(
        "a policy that is wrong leaves its overlay out, and ends the boot when it says required; never that of recovery",
        arguments: [(true, Role.active, true), (false, .active, false), (true, .recovery, false)])
    func wrongPolicy(saysRequired: Bool, role: Role, endsBoot: Bool) throws {
        let wrong = OverlayPolicyFile(
            .oem, try Make.name("10-a"), .wrong("line 1, column 1: unknown key 'x'", saysRequired: saysRequired))
        let reason = "/oem/overlays/10-a.yaml is wrong: line 1, column 1: unknown key 'x'"
        for overlays in [[try Make.overlay("10-a")], []] {
            let decision = try Make.decide(overlays, policies: [wrong], Make.host(role: role))
            #expect(decision.entries.map(\.verdict) == [.refused(reason, endsBoot: endsBoot)])
            #expect(decision.stacks == [])
        }
    }
}

@Suite("Decision about overlays of a sealed machine")
struct SealedOverlayDecisionTests {
    private typealias Make = OverlayFixture

    @Test("what nobody signed neither counts nor takes the image's overlay away")
    func replacing() throws {
        let overlays = try [
            Make.overlay("10-a.tar", in: .system, protection: .image), Make.overlay("10-a", OverlayTree([])),
            Make.overlay("20-b.tar"), Make.overlay("30-c.tar", protection: .signed(by: "k")),
        ]
        let decision = try Make.decide(
            overlays, policies: [Make.policy("10-a", .system), Make.policy("20-b", .system)], Make.host(isSealed: true))
        #expect(decision.layers(.usr) == ["10-a", "30-c"])
        #expect(
            decision.entries.map(\.verdict) == [
                .stacked([.usr]),
                .refused("this system is sealed, and a folder cannot be signed: make an image of it", endsBoot: false),
                .refused("this system is sealed, and no image key has signed it", endsBoot: true), .stacked([.usr]),
            ])
    }

    @Test("what is signed replaces the image's")
    func signed() throws {
        let overlays = try [
            Make.overlay("10-a.tar", in: .system, protection: .image),
            Make.overlay("10-a.tar.zst", protection: .signed(by: "k")),
        ]
        let decision = try Make.decide(overlays, Make.host(isSealed: true))
        #expect(decision.stacks.first?.layers.first?.sources.map(\.path.string) == ["/oem/overlays/10-a.tar.zst"])
    }

    @Test("an unsigned overlay that is not meant for this machine is no fault")
    func elsewhere() throws {
        let decision = try Make.decide(
            [Make.overlay("10-a.tar")], policies: [Make.policy("10-a", .system, boards: ["x"])],
            Make.host(isSealed: true))
        #expect(decision.first == .elsewhere("it is for the board x, and nobody knows what this one is"))
    }

    @Test("a policy of OEM counts when an image key has signed it", arguments: [true, false])
    func policies(isSigned: Bool) throws {
        let policies = try [
            Make.policy("10-a", isSigned: isSigned, required: false), Make.policy("10-a", .system, required: true),
        ]
        let decision = try Make.decide([], policies: policies, Make.host(isSealed: true))
        #expect(decision.failures.count == (isSigned ? 0 : 1))
        let remark =
            isSigned
            ? "10-a has a policy, and there is no such overlay"
            : "/oem/overlays/10-a.yaml does not count: this system is sealed, and no image key has signed it"
        #expect(decision.remarks == [remark])
    }
}
