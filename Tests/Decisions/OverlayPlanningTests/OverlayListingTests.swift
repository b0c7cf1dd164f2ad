import SystemPackage
import Testing

@testable import OverlayPlanning

@Suite("Listing of a folder of overlays")
struct OverlayListingTests {
    private static func listing(_ files: [String], folders: [String] = []) -> OverlayListing {
        OverlayListing(
            .oem,
            files.map { OverlayListing.Entry($0, isFolder: false) } + folders.map { .init($0, isFolder: true) })
    }

    @Test("overlays, policies, signatures and what dm-verity needs are told apart, in byte order")
    func all() {
        let listing = Self.listing(
            [
                "20-b.raw", "20-b.raw.sig", "20-b.verity", "20-b.roothash", "20-b.roothash.p7s", "20-b.roothash.sig",
                "10-a.yaml", "10-a.yaml.sig", "30-c.yaml", "10-c.tar.zst",
            ], folders: ["10-a"])
        #expect(
            listing.overlays.map(\.path.string) == ["10-a", "10-c.tar.zst", "20-b.raw"].map { "/oem/overlays/\($0)" })
        #expect(listing.policies.map(\.description) == ["10-a", "30-c"])
        #expect(listing.signed == ["20-b.raw", "10-a.yaml", "20-b.roothash"])
        #expect(listing.remarks == [])
    }

    @Test(
        "what is nothing is named, with the reason",
        arguments: [
            ("tools.raw", false, "an overlay is two digits"), ("README", false, "an overlay is two digits"),
            ("lost+found", true, "an overlay is two digits"), ("10-a", false, "an overlay is two digits"),
            ("10-a.raw", true, "a folder has no such suffix"),
            ("10-a.raw.sig", false, "what it would sign is not there"),
            ("10-a.verity", false, "the image that it would check is not there"),
            ("10-a_1.2.yaml", false, "an overlay is two digits"), ("10-a.raw.yaml", false, "an overlay is two digits"),
            (".staging-1", true, "an overlay is two digits"),
            ("10-a.yaml", true, "a folder has no such suffix"), ("10-a.sig", true, "a folder has no such suffix"),
        ])
    func nothing(name: String, isFolder: Bool, reason: String) throws {
        let listing = OverlayListing(.system, [.init(name, isFolder: isFolder)])
        #expect(listing.overlays == [] && listing.policies == [] && listing.signed == [])
        #expect(listing.remarks.count == 1)
        #expect(try #require(listing.remarks.first).hasPrefix("/system/oem/overlays/\(name) is nothing: \(reason)"))
    }

    @Test("a signature of a signature is nothing, nor is a tree beside an archive")
    func beside() {
        let listing = Self.listing(["10-a.tar", "10-a.tar.sig", "10-a.tar.sig.sig", "10-a.verity"])
        #expect(listing.signed == ["10-a.tar"])
        #expect(listing.remarks.count == 2)
    }

    @Test("entries after the limit are not looked at, and it is said")
    func limit() {
        let names = (0...OverlayListing.limit).map {
            "10-a\(String(repeating: "0", count: 5 - "\($0)".count))\($0).raw"
        }
        let listing = Self.listing(names.reversed())
        #expect(listing.overlays.count == 4096)
        #expect(listing.overlays.last?.file.fileName == "10-a04095.raw")
        #expect(listing.remarks == ["/oem/overlays has 4097 entries; those after 4096 are not looked at"])
    }
}
