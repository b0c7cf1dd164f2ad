import OverlayPlanning
import SystemPackage
import Testing

@testable import Overlays

@Suite("Places of overlays")
struct OverlayPlacesTests {
    private func source(_ name: String, isFolder: Bool = false, _ folder: OverlayFolder = .oem) throws -> OverlaySource
    {
        OverlaySource(folder, try #require(OverlayFile(name, isFolder: isFolder)))
    }

    @Test(
        "overlays lie below the root, also when that is the one of the system",
        arguments: [("/", "/oem/overlays/10-a.raw"), ("/sysroot", "/sysroot/oem/overlays/10-a.raw")])
    func root(root: FilePath, path: FilePath) throws {
        #expect(OverlayRoot(root).file(try source("10-a.raw")) == path)
        #expect(OverlayRoot(root).folder(.system) == root.appending("system/oem/overlays"))
    }

    @Test("what stands in for an overlay has its own files beside it")
    func instead() throws {
        let root = OverlayRoot("/r", instead: ["/oem/overlays/10-a_2.raw": "/home/x.raw"])
        #expect(root.file(try source("10-a_2.raw")) == "/home/x.raw")
        #expect(root.beside(try source("10-a_2.raw"), ".verity") == "/home/x.verity")
        #expect(root.beside(try source("10-a_3.raw"), ".verity") == "/r/oem/overlays/10-a_3.verity")
    }

    @Test("what lies beside an overlay depends on its form")
    func beside() {
        #expect(BesideOverlay.files("/o/a", .folder) == [])
        #expect(BesideOverlay.files("/o/a.tar.zst", .compressedTar) == ["/o/a.tar.zst.sig"])
        #expect(
            BesideOverlay.files("/o/a.erofs", .erofs)
                == ["/o/a.erofs.sig", "/o/a.verity", "/o/a.roothash", "/o/a.roothash.sig"])
    }

    @Test("places have two digits, and three when there are so many", arguments: [(0, "00"), (42, "42"), (123, "123")])
    func layers(number: Int, name: String) {
        #expect(OverlayPlaces().layer(number) == FilePath("/run/lifeboot/overlays/l/\(name)"))
    }
}
