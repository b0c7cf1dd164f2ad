import Testing

@testable import Filesystems

@Suite("Swap in use")
struct SwapAreasTests {
    @Test("is told by its paths, white space in them as it is")
    func paths() {
        let text = "Filename\tType\tSize\n/swap                file\t2044\n/a\\040b\\134 file 4\n/x\\9 file 4\n"
        #expect(SwapAreas.paths(text) == ["/swap", "/a b\\", "/x\\9"])
        #expect(SwapAreas.paths("") == [])
    }
}
