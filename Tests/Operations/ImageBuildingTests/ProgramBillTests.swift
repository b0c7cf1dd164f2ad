import Foundation
import ImageAssembly
import ImageModel
import JSONText
import LinuxSystem
import SystemPackage
import Testing

@testable import ImageBuilding

@Suite("Bills of executables")
struct ProgramBillTests {
    /// Writes the bill of a program that holds `executable`, from a list.
    static func bill(of list: String) throws -> (bill: JSONValue, digest: Digest) {
        let folder = FilePath(FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path)
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        let (program, linked) = (folder.appending("sailor"), folder.appending("list"))
        try AtomicFile.write(Array("executable".utf8), to: program)
        try AtomicFile.write(Array(list.utf8), to: linked)
        var bill = ProgramBill(
            of: program, linked: linked, version: "1.2.3", time: try #require(UTCTime("2001-09-09T01:46:40Z")))
        bill.release = "bookworm"
        let path = folder.appending("sailor.spdx.json")
        // What was there before is replaced.
        for _ in 1...2 { try bill.write(to: path) }
        return (
            try JSONValue(parsing: FileBytes.read(path, limit: 1 << 20)), try ImageFileDigest.of(program).sha256
        )
    }

    @Test("a bill is called after the executable, has its digest, and names what is in it")
    func written() throws {
        let (bill, digest) = try Self.bill(of: "Package: zlib\nVersion: 1.3\nArchitecture: source\nLicense: Zlib\n")
        let packages = try #require(bill["packages"]?.elements)
        #expect(packages.map { $0["name"]?.text } == ["sailor", "zlib"])
        #expect(packages[0]["versionInfo"] == "1.2.3" && packages[1]["licenseDeclared"] == "Zlib")
        #expect(packages[0]["checksums"]?.elements?[0]["checksumValue"]?.text == digest.hex)
        #expect(bill["creationInfo"]?["created"] == "2001-09-09T01:46:40Z")
        let address = packages[1]["externalRefs"]?.elements?.first?["referenceLocator"]
        #expect(address == "pkg:deb/debian/zlib@1.3?arch=source&distro=bookworm")
    }

    @Test("a list that says half is refused", arguments: ["", "Package: zlib\n"])
    func refused(list: String) throws {
        let error = #expect(throws: ImageBuildError.self) { try Self.bill(of: list) }
        #expect("\(try #require(error))".contains("reading the list of libraries"))
    }
}
