import DocumentTree
import Faults
import PackageSpecs
import RegistryModel
import SystemPackage
import Testing

@testable import PackageBuilding

@Suite("What a layer asks for and no build does")
struct LayerFileLimitsTests {
    @Test("is refused with its key, and a cache elsewhere is only noted")
    func limits() throws {
        let place = SpecPlace("boatyard.yaml", .init(line: 1, column: 1))
        #expect(throws: Never.self) { try LayerFile().checkIsBuilt() }
        let repository = try SourceReference(parsing: "oci://r.example/packages")
        var layers = LayerFile()
        layers.layers = [LowerLayer("below", repository, snapshot: nil, key: "keys/a.pub", place: place)]
        #expect(
            #expect(throws: PackageBuildError.self) { try layers.checkIsBuilt() }?.cause.contains("'layers'") == true)
        var cache = LayerFile()
        cache.caches = [Located(repository, at: place)]
        #expect(throws: Never.self) { try cache.checkIsBuilt() }
        #expect(cache.passedOver.count == 1 && LayerFile().passedOver == [])
    }
}
