import ImageModel
import JSONText
import ReleaseModel
import Testing

@Suite("The copy of a channel's document")
struct ChannelCopyTests {
    static let copy = ChannelCopy(
        reference: "oci://r.example/os/channel:stable", mediaType: "application/json", manifest: Array("{}".utf8),
        parts: [[0, 1, 255], []])

    @Test("what is written is read, with and without a release that is installed")
    func roundTrip() throws {
        var copy = Self.copy
        #expect(ChannelCopy(parsing: copy.serialized()) == copy)
        copy.installed = .init(
            release: try #require(Digest(hex: String(repeating: "a", count: 64))),
            image: try #require(ImageID("0123456789abcdef")))
        #expect(ChannelCopy(parsing: copy.serialized()) == copy)
    }

    @Test(
        "a damaged file is no copy",
        arguments: [
            ("\"format\":1", "\"format\":2"), ("\"reference\"", "\"other\""), ("\"mediaType\"", "\"other\""),
            ("\"manifest\"", "\"other\""), ("\"parts\"", "\"other\""), ("AAH/", "AAH"), ("e30=", "?"), ("}", ""),
        ])
    func damaged(_ text: String, _ instead: String) {
        let written = String(decoding: Self.copy.serialized(), as: UTF8.self)
        let damaged = written.replacing(text, with: instead)
        #expect(damaged != written && ChannelCopy(parsing: Array(damaged.utf8)) == nil)
    }

    @Test("what is longer than its file may be is not kept, and what is kept has room in it")
    func bounded() {
        var copy = Self.copy
        copy.parts = [[UInt8](repeating: 7, count: ChannelCopy.contentLimit - copy.manifest.count)]
        #expect(copy.isShort && copy.serialized().count <= ChannelCopy.sizeLimit)
        copy.parts.append([7])
        #expect(!copy.isShort)
    }
}
