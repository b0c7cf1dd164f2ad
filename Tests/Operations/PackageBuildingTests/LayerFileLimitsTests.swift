import DocumentTree
import PackageSpecs
import RegistryModel
import SystemPackage
import Testing

@testable import PackageBuilding

@Suite("What a layer asks for and no build does")
struct LayerFileLimitsTests {
    @Test("is noted: a cache elsewhere is not asked")
    func limits() throws {
        let place = SpecPlace("boatyard.yaml", .init(line: 1, column: 1))
        var cache = LayerFile()
        cache.caches = [Located(try SourceReference(parsing: "oci://r.example/packages"), at: place)]
        #expect(cache.passedOver.count == 1 && LayerFile().passedOver == [])
    }
}
