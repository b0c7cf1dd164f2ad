import Faults
import Foundation
import OutputSchemas
import OverlayPlanning
import SystemPackage
import Testing

@testable import Overlays

@Suite("Removing overlays")
struct OverlayRemovalTests {
    @Test(
        "a removal that is not clear, or not possible, says why",
        arguments: [
            ("10-none", "there is no such overlay"), ("20-image", "belongs to the image"),
            ("30-two", "30-two_1 and 30-two_2.raw"),
            ("40-needed", "no boot goes on without it"),
        ])
    func refusedRemoval(name: String, words: String) throws {
        let fixture = try FixtureRoot([
            "/system/oem/overlays/20-image/usr/x": "", "/oem/overlays/30-two_1/usr/x": "",
            "/oem/overlays/30-two_2.raw": "",
            "/oem/overlays/40-needed/usr/x": "", "/oem/overlays/40-needed.yaml": "required: true\n",
        ])
        let scan = OverlayScan(OverlayRoot(fixture.root), fixture.request().seal)
        do {
            _ = try OverlayRemoval(name, in: scan)
            Issue.record("it was taken")
        } catch { #expect(error.cause.contains(words), "\(error)") }
    }

    @Test("a removal by the name of the file takes that one", arguments: ["30-two_1", "30-two_2.raw"])
    func exact(name: String) throws {
        let fixture = try FixtureRoot(["/oem/overlays/30-two_1/usr/x": "", "/oem/overlays/30-two_2.raw": ""])
        let root = OverlayRoot(fixture.root)
        try OverlayRemoval(name, in: OverlayScan(root, fixture.request().seal)).perform(in: root)
        let rest = try FileManager.default.contentsOfDirectory(atPath: fixture.oem.string).filter { !$0.hasPrefix(".") }
        #expect(rest == [name == "30-two_1" ? "30-two_2.raw" : "30-two_1"])
    }

    @Test("a folder that is stacked keeps its files until another boot clears them")
    func putAside() throws {
        let fixture = try FixtureRoot(["/oem/overlays/10-a/usr/x": "1", "/oem/overlays/.10-b.old-0000/usr/x": ""])
        let root = OverlayRoot(fixture.root)
        _ = try OverlayRemoval.remove("10-a", from: root, fixture.request().seal)
        try fixture.write("2", to: "/oem/overlays/10-a/usr/x")
        let removal = try OverlayRemoval.remove("10-a", from: root, fixture.request().seal)
        #expect(removal.source.path == "/oem/overlays/10-a")
        let rest = try FileManager.default.contentsOfDirectory(atPath: fixture.oem.string).filter {
            $0.contains(".old-")
        }
        #expect(Set(rest.map { fixture.text("/oem/overlays/\($0)/usr/x") }) == ["1", "2"])
        #expect(OverlayScan(root, fixture.request().seal).isEmpty)
    }

    @Test("one that is required may go when the image has it, too")
    func another() throws {
        let fixture = try FixtureRoot([
            "/system/oem/overlays/40-needed/usr/x": "", "/oem/overlays/40-needed.raw": "",
            "/oem/overlays/40-needed.yaml": "required: true\n",
        ])
        let removal = try OverlayRemoval.remove("40-needed", from: OverlayRoot(fixture.root), fixture.request().seal)
        try OutputSchema.check(removal.json, "overlay-add")
        #expect(removal.source.path == "/oem/overlays/40-needed.raw")
        #expect(fixture.exists("/oem/overlays/40-needed.yaml") && !fixture.exists("/oem/overlays/40-needed.raw"))
    }
}
