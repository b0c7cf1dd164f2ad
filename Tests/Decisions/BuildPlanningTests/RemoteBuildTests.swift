import ImageModel
import PackageModel
import RegistryModel
import Testing

@testable import BuildPlanning

@Suite("What a cache in a registry says of a build")
struct RemoteBuildTests {
    private static let key = String(repeating: "0123456789abcdef", count: 4)

    private static func build() throws -> RemoteBuild {
        let layer = try #require(Digest(hex: String(repeating: "a", count: 64)))
        let content = try #require(Digest(hex: String(repeating: "b", count: 64)))
        return RemoteBuild(
            "app/tide 1.0", key: key,
            outputs: [
                BuildOutput(
                    try PackageName(parsing: "app/tide"), layer: layer, content: content, size: 7, installedSize: 9),
                BuildOutput(try PackageName(parsing: "app/tide-doc")),
            ])
    }

    @Test("reads back as it was written, and equal builds give equal bytes")
    func form() throws {
        let build = try Self.build()
        #expect(try RemoteBuild(parsing: build.serialized()) == build)
        #expect(
            String(decoding: build.serialized(), as: UTF8.self)
                == #"{"type":"application/vnd.lifeboot.build.v1","key":"\#(Self.key)","package":"app/tide 1.0","outputs":["#
                + #"{"name":"app/tide","layer":"sha256:\#(String(repeating: "a", count: 64))","#
                + #""content":"sha256:\#(String(repeating: "b", count: 64))","size":7,"installed":9},{"name":"app/tide-doc"}]}"#
        )
    }

    @Test(
        "is nothing else that somebody signed",
        arguments: [
            "", "{}", #"{"key":"a","package":"b","outputs":[]}"#,
            #"{"type":"application/vnd.lifeboot.channel.v1","key":"a","package":"b","outputs":[]}"#,
            #"{"type":"application/vnd.lifeboot.build.v1","package":"b","outputs":[]}"#,
            #"{"type":"application/vnd.lifeboot.build.v1","key":"a","package":"b","outputs":[{"name":"x"}]}"#,
            #"{"type":"application/vnd.lifeboot.build.v1","key":"a","package":"b","outputs":[{"name":"a/b","layer":"x"}]}"#,
        ])
    func foreign(text: String) {
        #expect(throws: RegistryModelError.self) { try RemoteBuild(parsing: Array(text.utf8)) }
    }

    @Test("lies under the first half of its key, and counts for the whole of it alone")
    func keys() throws {
        #expect(RemoteBuild.tag(of: Self.key) == "build-0123456789abcdef0123456789abcdef")
        #expect(RemoteBuild.tag(of: Self.key, part: 2) == "build-0123456789abcdef0123456789abcdef-2")
        let build = try Self.build()
        let names = try ["a/x", "a/y"].map { try PackageName(parsing: $0) }
        #expect(build.outputs(for: Self.key, named: names)?.map(\.name) == names)
        #expect(build.outputs(for: Self.key, named: names)?.map(\.layer) == build.outputs.map(\.layer))
        #expect(build.outputs(for: Self.key, named: [names[0]]) == nil)
        #expect(build.outputs(for: String(Self.key.dropLast()) + "0", named: names) == nil)
    }

    @Test("is remembered in the record of what was taken")
    func origin() throws {
        var record = BuildRecord("app/tide 1.0", build: BuildInputs(), artefact: BuildInputs(), outputs: [])
        #expect(try BuildRecord(parsing: record.serialized()).origin == nil)
        record.origin = "oci://r.example/cache"
        #expect(try BuildRecord(parsing: record.serialized()) == record)
    }
}
