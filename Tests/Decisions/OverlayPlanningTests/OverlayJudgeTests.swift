import ImageModel
import Testing

@testable import OverlayPlanning

@Suite("What an overlay must be like")
struct OverlayJudgeTests {
    private typealias Make = OverlayFixture
    private static let fits = "ID=debian\nVERSION_ID=12\n"
    private static let roots = FolderAttributes()

    @Test(
        "an image extends what its extension-release files are for, and needs one",
        arguments: [
            ([("tools", fits, .sysext)], [.usr, .opt], .stacked([.usr, .opt])),
            ([("10-tools", fits, .confext)], [.usr, .etc], .stacked([.etc])),
            ([("tools", fits, .sysext), ("tools", fits, .confext)], [.usr, .etc], .stacked([.usr, .etc])),
            (
                [], [.usr],
                .refused(
                    "it is no extension image: it has neither /usr/lib/extension-release.d/extension-release.10-tools nor "
                        + "/etc/extension-release.d/extension-release.10-tools", endsBoot: false)
            ),
            (
                [("tools", "ID=fedora", .sysext)], [.usr],
                .refused("it is for fedora (ID), and this system is debian", endsBoot: false)
            ),
            (
                [("tools", fits, .sysext), ("tools", "ID=fedora", .confext)], [.usr, .etc],
                .refused("it is for fedora (ID), and this system is debian", endsBoot: false)
            ),
            (
                [("tools", fits, .confext)], [.usr],
                .refused("it has nothing in /etc", endsBoot: false)
            ),
        ] as [([(String, String, ExtensionKind)], Set<OverlayHierarchy>, OverlayVerdict)])
    func images(releases: [(String, String, ExtensionKind)], has: Set<OverlayHierarchy>, verdict: OverlayVerdict) throws
    {
        let files = releases.map { Make.release($0.0, $0.1, kind: $0.2) }
        let tree = OverlayTree(has, releases: files)
        for form in [OverlayForm.raw, .squashfs, .erofs] {
            #expect(try Make.decide([Make.overlay("10-tools\(form.rawValue)", tree)]).first == verdict)
        }
        guard !files.isEmpty else { return }
        #expect(try Make.decide([Make.overlay("10-tools", tree)]).first == verdict)
        #expect(try Make.decide([Make.overlay("10-tools.tar", tree)]).first == verdict)
    }

    @Test("what an extension has besides is left out, and it is said")
    func leftOut() throws {
        let tree = OverlayTree([.usr, .etc], releases: [Make.release("tools", Self.fits)])
        let decision = try Make.decide([Make.overlay("10-tools.raw", tree)])
        #expect(decision.layers(.etc) == [])
        #expect(
            decision.remarks == [
                "/oem/overlays/10-tools.raw: /etc in it is left out: its extension-release is not for it"
            ])
    }

    @Test(
        "what an overlay may not have is refused with path and reason",
        arguments: [
            (.init("/usr/lib/os-release", .file), "it has /usr/lib/os-release: it says which system this is"),
            (.init("/usr/x/../bin/lifeboot", .file), "it has a path that leads elsewhere: '/usr/x/../bin/lifeboot'"),
            (.init("/usr/", .folder(roots)), "it has a path that leads elsewhere: '/usr/'"),
            (.init("usr/x", .file), "it has a path that leads elsewhere: 'usr/x'"),
            (.init("/usr/./x", .file), "it has a path that leads elsewhere"),
            (.init("/usr//x", .file), "it has a path that leads elsewhere"),
            (.init("", .file), "it has a path that leads"),
            (.init("/usr/share", .file), "/usr/share is a file, and hides the image's folder with all that is in it"),
            (.init("/usr/share", .link), "/usr/share is a link, and hides the image's folder"),
            (.init("/usr/sbin", .folder(roots)), "/usr/sbin is a folder, and hides the image's link"),
            (.init("/usr/sbin", .opaqueFolder(roots)), "/usr/sbin is a folder, and hides the image's link"),
        ] as [(OverlayNode, String)])
    func nodes(node: OverlayNode, reason: String) throws {
        let image: [String: OverlayNode.Kind] = ["/usr/share": .folder(Self.roots), "/usr/sbin": .link]
        let decision = try Make.decide(
            [Make.overlay("10-a", OverlayTree([.usr], nodes: [node]))],
            hierarchies: [.usr: HierarchyFacts(image: image)])
        guard case .refused(let found, endsBoot: false) = decision.first else { return #expect(Bool(false)) }
        #expect(found.hasPrefix(reason))
    }

    @Test(
        "what is meant is taken: files over files, whiteouts, opaque folders, and anything where nothing is mounted",
        arguments: [
            .init("/usr/share/x", .file), .init("/usr/share", .whiteout), .init("/usr/share", .opaqueFolder(roots)),
            .init("/usr/sbin", .link), .init("/usr/sbin", .whiteout), .init("/usr/share", .folder(roots)),
            .init("/etc/machine-id", .file), .init("/var/x", .file),
        ] as [OverlayNode])
    func taken(node: OverlayNode) throws {
        let image: [String: OverlayNode.Kind] = ["/usr/share": .folder(Self.roots), "/usr/sbin": .link]
        let tree = OverlayTree([.usr, .etc], nodes: [node], releases: [Make.release("a", Self.fits)])
        let decision = try Make.decide(
            [Make.overlay("10-a.raw", tree)], hierarchies: [.usr: HierarchyFacts(image: image)])
        #expect(decision.first == .stacked([.usr]))
    }

    @Test("what the image lacks cannot be extended, and what something hides is only told")
    func places() throws {
        let decision = try Make.decide(
            [Make.overlay("10-a", OverlayTree([.opt])), Make.overlay("20-b", OverlayTree([.etc]))],
            hierarchies: [.etc: HierarchyFacts(hiddenBy: "the layout binds it")])
        #expect(
            decision.entries.map(\.verdict) == [.refused("the image has no /opt", endsBoot: false), .stacked([.etc])])
        #expect(
            decision.remarks == ["/oem/overlays/20-b: what it has in /etc is not seen: the layout binds it"])
    }

    @Test(
        "overlays lie in each other no deeper than the kernel takes",
        arguments: [
            (0, 0, true), (1, 0, true), (0, 1, true), (1, 1, false), (2, 0, false), (0, 2, false), (Int.max, 1, false),
            (Int.max, 0, false),
        ])
    func depth(below: Int, inside: Int, fits: Bool) throws {
        for isWritable in [true, false] {
            let place = HierarchyFacts(below: below, isWritable: isWritable, inside: inside)
            let decision = try Make.decide([Make.overlay("10-a")], hierarchies: [.usr: place])
            guard !fits else {
                #expect(decision.first == .stacked([.usr]))
                continue
            }
            guard case .refused(let reason, _) = decision.first else { return #expect(Bool(false)) }
            #expect(reason.hasSuffix("overlays would lie in each other at /usr, and the kernel takes 2"))
        }
    }

    @Test("too many layers are merged, each hierarchy for itself")
    func merging() throws {
        var limits = OverlayLimits()
        limits.layers = 3
        let trees = [
            OverlayTree([.usr], bytes: 9), OverlayTree([.usr, .etc], bytes: 1), OverlayTree([.usr, .etc], bytes: 1),
        ]
        let overlays = try trees.enumerated().map { try Make.overlay("\($0.offset + 1)0-a", $0.element) }
        let decision = try Make.decide(overlays, limits: limits)
        #expect(decision.layers(.usr) == ["10-a", "20-a+30-a"])
        #expect(decision.layers(.etc) == ["20-a", "30-a"])
    }

    @Test("only what is stacked is in conflict, with the image and with each other")
    func conflicts() throws {
        let node = OverlayNode("/usr/share/x", .file)
        let tree = OverlayTree([.usr], nodes: [node])
        let broken = OverlayCandidate(try Make.source("20-b.tar"), protection: .broken("x"), .tree(tree))
        let decision = try Make.decide(
            [Make.overlay("10-a", tree), broken, Make.overlay("30-c", tree)],
            hierarchies: [.usr: HierarchyFacts(image: [node.path: .file])])
        #expect(
            decision.conflicts.map(\.description) == [
                "/usr/share/x of 10-a replaces the image's", "/usr/share/x of 30-c replaces that of 10-a",
            ])
    }
}
