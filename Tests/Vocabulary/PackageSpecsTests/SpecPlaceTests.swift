import DocumentTree
import SystemPackage
import Testing

@testable import PackageSpecs

@Suite("Places in files of a layer")
struct SpecPlaceTests {
    @Test("a place is a file with line and column, as editors take it")
    func place() {
        let place = SpecPlace("packages/base/package.yaml", DocumentMark(line: 6, column: 3))
        #expect("\(place)" == "packages/base/package.yaml:6:3")
    }

    @Test("an error begins with the place")
    func error() {
        let error = SpecError("package.yaml", DocumentError(at: DocumentMark(line: 2, column: 1), "no name"))
        #expect("\(error)" == "reading package.yaml:2:1: no name. Correct the file; nothing was done.")
    }
}
