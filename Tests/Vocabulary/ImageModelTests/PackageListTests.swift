import Faults
import Testing

@testable import ImageModel

@Suite("Lists of packages")
struct PackageListTests {
    @Test("a list is read as it was written, and what is not known is passed over")
    func roundTrip() throws {
        let digest = try #require(Digest(hex: String(repeating: "ab", count: 32)))
        let list = PackageList([
            .init("system/base", "12-1", digest: digest, license: "MIT", contents: ["a", "b"]), .init("app/x", "1"),
        ])
        #expect(try PackageList(parsing: list.serialized()) == list)
        var more = list
        (more.packages[0].provides, more.packages[0].conflicts) = (["a/b = 1"], ["a/c"])
        more.packages[0].builtOn = ["sha256:ab"]
        #expect(try PackageList(parsing: more.serialized()) == more)
        let text = #"{"format":1,"more":2,"packages":[{"name":"a/b","version":"1","digest":"md5:1","later":[]}]}"#
        #expect(try PackageList(parsing: Array(text.utf8)).packages == [.init("a/b", "1")])
    }

    @Test("of an image on another one has the base's first, and each name once, as the image has it")
    func laid() {
        let base = PackageList([.init("system/base", "12"), .init("app/x", "1"), .init("app/y", "1")])
        let own = PackageList([.init("app/x", "2"), .init("app/z", "1")])
        let all = own.laid(on: base).packages.map { "\($0.name) \($0.version)" }
        #expect(all == ["system/base 12", "app/y 1", "app/x 2", "app/z 1"])
        #expect(own.laid(on: PackageList([])) == own && PackageList([]).laid(on: base) == base)
    }

    @Test(
        "what is no list is an error",
        arguments: [
            "", "{}", "[]", #"{"format":2,"packages":[]}"#, #"{"format":1}"#,
            #"{"format":1,"packages":[{"name":"a"}]}"#,
        ])
    func refused(text: String) {
        let error = #expect(throws: PackageListError.self) { try PackageList(parsing: Array(text.utf8)) }
        #expect(error?.subject == "/usr/lib/lifeboot/packages.json")
    }

    @Test("a list that is too long is not looked at")
    func long() {
        let text = [UInt8](repeating: 0x20, count: PackageList.sizeLimit) + Array(#"{"format":1,"packages":[]}"#.utf8)
        let error = #expect(throws: PackageListError.self) { try PackageList(parsing: text) }
        #expect(error?.cause == "it is longer than 1048576 bytes")
    }
}
