import JSONText
import OutputSchemas
import OverlayPlanning
import SystemPackage
import Testing

@testable import Overlays

@Suite("Listing overlays")
struct OverlayInventoryTests {
    @Test("the list says what became of each when the system was started", .enabled(if: TestedMachine.hasImages))
    func list() throws {
        let fixture = try FixtureRoot(["/oem/overlays/10-a/usr/x": "", "/oem/overlays/20-b.tar": "damaged"])
        try fixture.stacked { _ in }
        try fixture.write("", to: "/oem/overlays/30-c.raw")
        let inventory = OverlayInventory(
            OverlayRoot(fixture.root), fixture.request().seal, report: fixture.places.report)
        #expect(inventory.entries.map(\.booted?.verdict) == ["stacked", "refused", nil])
        #expect(inventory.lines.first == "10-a: /oem/overlays/10-a, stacked")
        #expect(inventory.lines.last == "30-c: /oem/overlays/30-c.raw, not known when the system was started")
        try OutputSchema.check(inventory.json, "overlay-list")
        #expect(inventory.json["overlays"]?.elements?.map { $0["form"]?.text } == ["folder", "tar", "raw"])
    }

    @Test("a report that cannot be read is said, and the list is there")
    func damagedReport() throws {
        let fixture = try FixtureRoot(["/oem/overlays/10-a/usr/x": "", "/report": "{"])
        let inventory = OverlayInventory(
            OverlayRoot(fixture.root), fixture.request().seal, report: fixture.root.appending("report"))
        #expect(inventory.entries.count == 1)
        #expect(inventory.remarks.count == 1)
    }

    @Test("overlays are listed by name, the image's before OEM's")
    func order() throws {
        let fixture = try FixtureRoot([
            "/system/oem/overlays/20-b/usr/x": "", "/oem/overlays/20-b/usr/x": "", "/oem/overlays/10-a/usr/x": "",
        ])
        let report = fixture.root.appending("none")
        let inventory = OverlayInventory(OverlayRoot(fixture.root), fixture.request().seal, report: report)
        #expect(
            inventory.entries.map(\.source.path)
                == ["/oem/overlays/10-a", "/system/oem/overlays/20-b", "/oem/overlays/20-b"])
    }
}
