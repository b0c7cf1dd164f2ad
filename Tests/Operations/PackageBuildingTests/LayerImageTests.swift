import BuildPlanning
import PackageModel
import Testing

@testable import PackageBuilding

@Suite("Builds of an image")
struct LayerImageTests {
    @Test("tell nothing of packages that were told before, and of no workers, for one follows the other")
    func events() throws {
        var packages = BuildSummary()
        packages.outputs["app/tide 1.0.0"] = BuildOutput(try PackageName(parsing: "app/tide"))
        #expect(BuildEvent.cached("app/tide 1.0.0", key: "k").isKnown(after: packages))
        #expect(BuildEvent.idle(workers: 1, until: ["image/harbour.files 0"], waiting: 1).isKnown(after: packages))
        for event in [
            BuildEvent.cached("image/harbour.files 0", key: "k"), .started("app/tide 1.0.0", .new), .note("odd"),
            .skipped("image/harbour.finalize 0", because: "image/harbour.files 0"),
        ] { #expect(!event.isKnown(after: packages), "\(event)") }
    }
}
