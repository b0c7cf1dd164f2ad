import ImageModel
import JSONText
import OverlayPlanning
import Plans
import SystemPackage
import Testing

@testable import Overlays

/// Plans are compared as a whole, as people see them.
@Suite("Planning how overlays are opened and stacked")
struct OverlayPlansTests {
    private static let places = OverlayPlaces(store: "/run/o", report: "/run/o.json", size: "10%")

    private static func source(
        _ name: String, isFolder: Bool = false, _ folder: OverlayFolder = .oem
    ) throws -> OverlaySource {
        OverlaySource(folder, try #require(OverlayFile(name, isFolder: isFolder)))
    }

    private static func opening(
        _ name: String, isFolder: Bool = false, by protection: OverlayProtection = .none, _ number: Int
    ) throws -> OverlayOpening {
        OverlayOpening(
            source: try source(name, isFolder: isFolder), protection: protection, place: places.layer(number))
    }

    /// The lines that name steps, without what they are for.
    private static func steps(_ plan: Plan<OverlayAction>) -> [String] {
        plan.stepLines().filter { $0.lead.contains(".") }.map(\.text)
    }

    @Test("each form is opened in its way")
    func opening() throws {
        let openings = [
            try Self.opening("00-a", isFolder: true, 0), try Self.opening("01-b.tar", 1),
            try Self.opening("02-c.tar.zst", by: .signed(by: "k"), 2), try Self.opening("03-d.squashfs", 3),
            try Self.opening("04-e.erofs", by: .verity(signedBy: "k"), 4),
            try Self.opening("05-f.raw", by: .verity(signedBy: nil), 5),
        ]
        let plan = OverlayPlans.opening(openings, in: OverlayRoot("/r"), Self.places)
        #expect(
            Self.steps(plan) == [
                "make-overlay-store /run/o size=10%", "show-folder /r/oem/overlays/00-a on /run/o/l/00",
                "unpack-archive /r/oem/overlays/01-b.tar on /run/o/l/01",
                "unpack-archive /r/oem/overlays/02-c.tar.zst on /run/o/l/02",
                "mount-image /r/oem/overlays/03-d.squashfs on /run/o/l/03 as squashfs",
                "mount-image /r/oem/overlays/04-e.erofs on /run/o/l/04 as erofs with dm-verity",
                "mount-image /r/oem/overlays/05-f.raw on /run/o/l/05 as squashfs or erofs or ext4 with dm-verity",
            ])
        #expect(plan.steps.allSatisfy { $0.requirement != .required })
        #expect(plan.unmet() == [])
    }

    @Test("what was checked of an archive is what is unpacked, when it is signed", arguments: [false, true])
    func signedArchive(isSigned: Bool) throws {
        let protection: OverlayProtection = isSigned ? .signed(by: "k") : .none
        let plan = OverlayPlans.opening(
            [try Self.opening("01-b.tar", by: protection, 0)], in: OverlayRoot("/r"), Self.places)
        #expect(
            plan.steps.last?.action
                == .unpack("/r/oem/overlays/01-b.tar", mustBeSigned: isSigned, into: "/run/o/l/00"))
    }

    @Test("the root hash must be signed when it was", arguments: [nil, "k"])
    func signedHash(key: String?) throws {
        let plan = OverlayPlans.opening(
            [try Self.opening("01-b_2.raw", by: .verity(signedBy: key), 0)], in: OverlayRoot("/"), Self.places)
        let verity = VerityFiles(
            tree: "/oem/overlays/01-b_2.verity", rootHash: "/oem/overlays/01-b_2.roothash", mustBeSigned: key != nil)
        let action = OverlayAction.mountImage(
            "/oem/overlays/01-b_2.raw", filesystems: ["squashfs", "erofs", "ext4"], verity: verity, at: "/run/o/l/00")
        #expect(plan.steps.last?.action == action)
    }

    private static func decision(
        _ names: [String], writable: Bool = false, capacity: Int? = nil
    ) throws -> OverlayDecision {
        var limits = OverlayLimits()
        if let capacity { limits.layers = capacity + 1 }
        let host = OverlayHost(
            osRelease: try ReleaseText(parsing: Array("ID=demo".utf8)), architecture: "x86-64", role: .active)
        let tree = OverlayTree([.usr, .etc])
        return OverlayDecision(
            OverlayFacts(
                candidates: try names.map {
                    OverlayCandidate(try source($0, isFolder: true), protection: .none, .tree(tree))
                },
                host: host, hierarchies: [.usr: HierarchyFacts(), .etc: HierarchyFacts(isWritable: writable)],
                limits: limits))
    }

    @Test("what is not used is closed, and what is required is required")
    func stacking() throws {
        let openings = [
            try Self.opening("00-a", isFolder: true, 0), try Self.opening("01-b", isFolder: true, 1),
            try Self.opening("02-c", isFolder: true, 2),
        ]
        let plan = OverlayPlans.stacking(
            try Self.decision(["00-a", "02-c"]), openings, root: "/r", Self.places, next: 3
        ) {
            $0 == OverlayName("02-c")
        }
        #expect(
            Self.steps(plan.plan) == [
                "close-overlay /run/o/l/01", "protect-overlay-store /run/o", "stack-overlays 2 layers on /r/usr",
                "stack-overlays 2 layers on /r/etc",
            ])
        #expect(plan.plan.steps.suffix(2).allSatisfy { $0.requirement == .required })
        #expect(plan.plan.steps.last?.action == .stack(.etc, ["/run/o/l/00", "/run/o/l/02"], root: "/r"))
        #expect(plan.joined == [:])
        let given: [OverlayProduct] = [.store] + (0...2).map { .layer(Self.places.layer($0)) }
        #expect(plan.plan.unmet(given: given) == [])
    }

    @Test("without a policy a stack may fail")
    func optional() throws {
        let plan = OverlayPlans.stacking(
            try Self.decision(["00-a"]), [try Self.opening("00-a", isFolder: true, 0)], root: "/r", Self.places, next: 3
        ) { _ in false }
        #expect(plan.plan.steps.allSatisfy { $0.requirement != .required })
    }

    @Test("a hierarchy that the layout makes writable is not mounted")
    func joined() throws {
        let plan = OverlayPlans.stacking(
            try Self.decision(["00-a"], writable: true), [try Self.opening("00-a", isFolder: true, 0)], root: "/r",
            Self.places, next: 3
        ) { _ in false }
        #expect(Self.steps(plan.plan) == ["protect-overlay-store /run/o", "stack-overlays 1 layer on /r/usr"])
        #expect(plan.joined == [.etc: ["/run/o/l/00"]])
    }

    @Test("a hierarchy of which a layer failed is not handed over")
    func failed() {
        let plan = StackingPlan(plan: Plan("overlays", "", []), joined: [.etc: ["/a", "/b"], .opt: ["/a"]])
        #expect(plan.lowerLayers(without: []) == [.etc: ["/b/etc", "/a/etc"], .opt: ["/a/opt"]])
        #expect(plan.lowerLayers(without: ["/b"]) == [.opt: ["/a/opt"]])
    }

    @Test("merged layers get places of their own, one for each hierarchy")
    func merging() throws {
        let names = ["00-a", "01-b", "02-c"]
        let openings = try names.enumerated().map { try Self.opening($1, isFolder: true, $0) }
        let plan = OverlayPlans.stacking(
            try Self.decision(names, capacity: 2), openings, root: "/r", Self.places, next: 3
        ) {
            _ in false
        }
        #expect(
            plan.plan.steps.map(\.action) == [
                .merge(["/run/o/l/00", "/run/o/l/01"], .usr, into: "/run/o/l/03"),
                .merge(["/run/o/l/00", "/run/o/l/01"], .etc, into: "/run/o/l/04"), .protectStore("/run/o"),
                .stack(.usr, ["/run/o/l/03", "/run/o/l/02"], root: "/r"),
                .stack(.etc, ["/run/o/l/04", "/run/o/l/02"], root: "/r"),
            ])
    }

    @Test("only what depends on it is opened")
    func unopened() throws {
        let host = OverlayHost(
            osRelease: try ReleaseText(parsing: Array("ID=demo".utf8)), architecture: "x86-64", role: .active)
        var elsewhere = OverlayPolicy()
        elsewhere.boards = ["other"]
        let candidates =
            try ["00-a", "01-b"].map {
                OverlayCandidate(
                    try Self.source($0, isFolder: true), protection: .none, .unreadable(OverlayScan.unopened))
            } + [
                OverlayCandidate(
                    try Self.source("02-c.raw"), protection: .broken("it is"), .unreadable(OverlayScan.unopened))
            ]
        let facts = OverlayFacts(
            candidates: candidates,
            policies: [OverlayPolicyFile(.oem, try #require(OverlayName("00-a")), .policy(elsewhere))], host: host,
            hierarchies: [:])
        let openings = OverlayPlans.openings(OverlayDecision(facts), of: candidates, in: Self.places)
        #expect(openings.map(\.source.name.description) == ["01-b"])
        #expect(openings.map(\.place) == ["/run/o/l/00"])
    }

    @Test("each step says in JSON all that it holds")
    func json() throws {
        let actions: [(OverlayAction, String)] = [
            (.makeStore("/s", size: "1m"), #"{"path":"/s","size":"1m"}"#), (.close("/l"), #"{"place":"/l"}"#),
            (.showFolder("/f", at: "/l"), #"{"path":"/f","place":"/l"}"#),
            (.unpack("/f", mustBeSigned: true, into: "/l"), #"{"path":"/f","mustBeSigned":true,"place":"/l"}"#),
            (
                .merge(["/a", "/b"], .usr, into: "/c"),
                #"{"places":["/a","/b"],"hierarchy":"/usr","target":"/c"}"#
            ),
            (.stack(.opt, ["/a"], root: "/r"), #"{"hierarchy":"/opt","places":["/a"],"root":"/r"}"#),
        ]
        for (action, text) in actions {
            #expect(String(decoding: action.json.serialized(), as: UTF8.self) == text)
        }
    }

    @Test("a layer's path fits into what a layer may take", arguments: [0, 9, 10, 99, 180])
    func length(number: Int) {
        let path = OverlayPlaces().layer(number).appending("usr")
        #expect(path.string.utf8.count + 1 <= OverlayLimits().layerBytes)
    }
}
