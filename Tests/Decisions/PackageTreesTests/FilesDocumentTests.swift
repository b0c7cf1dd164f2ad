import Faults
import RegistryModel
import Testing
import TreeFixtures
import TreeModel

@testable import PackageTrees

@Suite("Lists of files")
struct FilesDocumentTests {
    private static let digest = String(repeating: "01", count: 32)

    @Test("an artefact is written in one way, and read as it was")
    func roundTrip() throws {
        var file = Fixture.file("d/f", 1, size: 5, permissions: 0o4755, owner: 7, first: "d/f")
        file.attributes = [FileAttribute(name: Array("user.a".utf8), value: [0, 255])]
        var other = file
        other.path = "d/g"
        let entries = [
            Fixture.folder("d"), file, other, Fixture.link("l", to: "d/f"),
            TreeEntry(path: "c", kind: .characterDevice(major: 1, minor: 3), permissions: 0o666, group: 5),
            TreeEntry(path: "b", kind: .blockDevice(major: 8, minor: 1)), TreeEntry(path: "p", kind: .fifo),
        ]
        let artefact = Artefact(TreeListing(entries), removed: ["gone", "d/old"])
        let bytes = FilesDocument.bytes(of: artefact)
        let expected = """
            {"format":1,"files":[{"path":"b","type":"block","major":8,"minor":1,"mode":"0644"},\
            {"path":"c","type":"character","major":1,"minor":3,"mode":"0666","group":5},\
            {"path":"d","type":"folder","mode":"0755"},\
            {"path":"d/f","size":5,"digest":"sha256:\(Self.digest)","mode":"4755","owner":7,"first":"d/f",\
            "attributes":{"user.a":"AP8="}},\
            {"path":"d/g","size":5,"digest":"sha256:\(Self.digest)","mode":"4755","owner":7,"first":"d/f",\
            "attributes":{"user.a":"AP8="}},\
            {"path":"l","type":"link","target":"d/f","mode":"0777"},{"path":"p","type":"pipe","mode":"0644"}],\
            "removed":["d/old","gone"]}

            """
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
        #expect(try FilesDocument.artefact(parsing: bytes) == artefact)
        #expect(
            String(decoding: FilesDocument.bytes(of: Artefact(.empty)), as: UTF8.self) == #"{"format":1,"files":[]}"#
                + "\n")
    }

    @Test(
        "what is no list of files is an error with its place",
        arguments: [
            (#"{"format":2,"files":[]}"#, "$.format"), (#"{"format":1}"#, "$.files"),
            (#"{"format":1,"files":[{"path":"a","mode":"0644"}]}"#, "$.files[0].size"),
            (#"{"format":1,"files":[{"path":"../a","type":"pipe","mode":"0644"}]}"#, "$.files[0].path"),
            (#"{"format":1,"files":[{"path":"/a","type":"pipe","mode":"0644"}]}"#, "$.files[0].path"),
            (#"{"format":1,"files":[{"path":"","type":"pipe","mode":"0644"}]}"#, "$.files[0].path"),
            (#"{"format":1,"files":[{"path":"a\u0000b","type":"pipe","mode":"0644"}]}"#, "$.files[0].path"),
            (#"{"format":1,"files":[{"path":".wh.a","type":"pipe","mode":"0644"}]}"#, "$.files[0].path"),
            (#"{"format":1,"files":[{"path":"a","type":"pipe","mode":"10000"}]}"#, "$.files[0].mode"),
            (#"{"format":1,"files":[{"path":"a","type":"pipe","mode":"8"}]}"#, "$.files[0].mode"),
            (#"{"format":1,"files":[{"path":"a","type":"door","mode":"0644"}]}"#, "$.files[0].type"),
            (#"{"format":1,"files":[{"path":"a","type":"pipe","mode":"0644","owner":-1}]}"#, "$.files[0].owner"),
            (#"{"format":1,"files":[{"path":"a","type":"pipe","mode":"0644","first":"/"}]}"#, "$.files[0].first"),
            (
                #"{"format":1,"files":[{"path":"a","type":"pipe","mode":"0644","attributes":{"x":"?"}}]}"#,
                "$.files[0].attributes"
            ),
            (#"{"format":1,"files":[{"path":"a/b","type":"pipe","mode":"0644"}]}"#, "$.files"),
            (
                #"{"format":1,"files":[{"path":"a","type":"pipe","mode":"1"},{"path":"a","type":"pipe","mode":"1"}]}"#,
                "$.files"
            ), (#"{"format":1,"files":[],"removed":["a//b"]}"#, "$.removed"),
            (#"{"format":1,"files":[],"removed":[1]}"#, "$.removed"),
        ])
    func errors(text: String, place: String) {
        let error = #expect(throws: RegistryModelError.self) { try FilesDocument.artefact(parsing: Array(text.utf8)) }
        #expect(error?.subject == place)
    }
}
