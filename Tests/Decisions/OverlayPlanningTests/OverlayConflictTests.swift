import Testing

@testable import OverlayPlanning

@Suite("Conflicts of overlays")
struct OverlayConflictTests {
    private static let roots = FolderAttributes()
    private static let others = FolderAttributes(owner: 7)

    private static func find(
        _ image: [String: OverlayNode.Kind] = [:], _ overlays: [(String, [OverlayNode])]
    ) throws -> ConflictFinder {
        var finder = ConflictFinder()
        let named = try overlays.map { (try #require(OverlayName($0.0)), $0.1) }
        finder.look(.usr, image: image, overlays: named)
        return finder
    }

    @Test(
        "what the upper of two has and what the lower has is compared, for image and overlay alike",
        arguments: [
            (.file, .file, .replaces), (.file, .link, .replaces), (.link, .file, .replaces),
            (.file, .folder(roots), .hidesFolder), (.link, .opaqueFolder(roots), .hidesFolder),
            (.folder(roots), .file, .becomesFolder), (.opaqueFolder(roots), .link, .becomesFolder),
            (.whiteout, .file, .removes), (.whiteout, .folder(roots), .removes), (.whiteout, .whiteout, nil),
            (.file, .whiteout, nil), (.folder(roots), .whiteout, nil), (.folder(roots), .folder(roots), nil),
            (.folder(roots), .folder(others), .attributes), (.folder(others), .opaqueFolder(roots), .attributes),
            (.opaqueFolder(roots), .folder(roots), .hidesFolder),
            (.opaqueFolder(roots), .opaqueFolder(others), .hidesFolder),
        ] as [(OverlayNode.Kind, OverlayNode.Kind, OverlayConflict.Kind?)])
    func pairs(upper: OverlayNode.Kind, lower: OverlayNode.Kind, kind: OverlayConflict.Kind?) throws {
        let overImage = try Self.find(["/usr/x": lower], [("10-a", [OverlayNode("/usr/x", upper)])])
        #expect(overImage.conflicts.map(\.kind) == (kind.map { [$0] } ?? []))
        #expect(
            overImage.conflicts.allSatisfy { $0.lower == nil && $0.upper.description == "10-a" && $0.path == "/usr/x" })
        let overOverlay = try Self.find(
            [:], [("10-a", [OverlayNode("/usr/x", lower)]), ("20-b", [OverlayNode("/usr/x", upper)])])
        #expect(overOverlay.conflicts.map(\.kind) == (kind.map { [$0] } ?? []))
        #expect(overOverlay.conflicts.allSatisfy { $0.lower?.description == "10-a" && $0.upper.description == "20-b" })
    }

    @Test("each overlay is compared with what is seen below it, and other hierarchies do not count")
    func three() throws {
        let node = OverlayNode("/usr/x", .file)
        let other = OverlayNode("/opt/x", .file)
        let found = try Self.find(
            ["/usr/x": .file], [("10-a", [node, other]), ("20-b", [other]), ("30-c", [node])])
        #expect(
            found.conflicts.map(\.description) == [
                "/usr/x of 10-a replaces the image's", "/usr/x of 30-c replaces that of 10-a",
            ])
    }

    @Test("every kind has words of its own")
    func words() throws {
        let name = try #require(OverlayName("10-a"))
        let lines = OverlayConflict.Kind.allCases.map {
            OverlayConflict(path: "/usr/x", kind: $0, upper: name, lower: nil).description
        }
        #expect(Set(lines).count == 5)
        #expect(lines.allSatisfy { $0.contains("10-a") && $0.contains("/usr/x") && $0.contains("the image's") })
    }

    @Test("after the limit conflicts are only counted")
    func limit() throws {
        let nodes = (0..<1500).map { OverlayNode("/usr/\($0)", .file) }
        let found = try Self.find([:], [("10-a", nodes), ("20-b", nodes)])
        #expect(found.conflicts.count == 1000)
        #expect(found.further == 500)
    }
}
