import ImageModel
import RegistryModel
import Testing

@testable import RegistryServing

@Suite("What the index of a layout offers")
struct LayoutListingTests {
    static func entry(_ byte: UInt8, _ name: String? = nil, type: String = MediaType.manifest) throws -> Descriptor {
        let digest = try #require(Digest(bytes: [UInt8](repeating: byte, count: 32)))
        var entry = Descriptor(mediaType: type, digest: digest, size: 1)
        entry.annotations[MediaType.layoutName] = name
        return entry
    }

    static func listing(_ entries: Descriptor...) -> LayoutListing { LayoutListing(ImageIndex(manifests: entries)) }

    @Test("tags are the names, or what follows the last colon of a reference")
    func tags() throws {
        let one = try Self.entry(1, "a")
        let other = try Self.entry(2, "reg.example:5000/os:b")
        let listing = Self.listing(one, other, try Self.entry(3, "no tag!"), try Self.entry(4))
        #expect(listing.tags == ["a": one, "b": other])
        #expect(listing.documents.count == 4)
    }

    @Test("a plain name counts more than that of a reference, and a name of several documents is none's")
    func ambiguous() throws {
        let plain = try Self.entry(1, "a")
        #expect(Self.listing(try Self.entry(2, "h/os:a"), plain).tags == ["a": plain])
        #expect(Self.listing(plain, try Self.entry(2, "a")).tags.isEmpty)
        #expect(Self.listing(plain, plain).tags == ["a": plain])
        #expect(Self.listing(try Self.entry(1, "x/o:a"), try Self.entry(2, "y/o:a")).tags.isEmpty)
    }

    @Test("the only document without a name is the latest")
    func only() throws {
        let entry = try Self.entry(1)
        #expect(Self.listing(entry).tags == ["latest": entry])
        #expect(Self.listing(entry, try Self.entry(2)).tags.isEmpty)
        #expect(Self.listing(try Self.entry(1, "a")).tags["latest"] == nil)
        #expect(Self.listing().tags.isEmpty)
    }

    @Test("only manifests may be about others")
    func manifests() throws {
        let manifest = try Self.entry(1)
        #expect(Self.listing(manifest, try Self.entry(2, type: MediaType.index)).manifests == [manifest])
    }

    @Test(
        "a document says what it is, or shows it",
        arguments: [
            (#"{"mediaType":"\#(MediaType.dockerIndex)"}"#, MediaType.dockerIndex),
            (#"{"mediaType":"text/html","config":{}}"#, nil), (#"{"manifests":[]}"#, MediaType.index),
            (#"{"config":{},"layers":[]}"#, MediaType.manifest), (#"{"config":{},"manifests":[]}"#, nil), ("{}", nil),
            ("[]", nil), ("no JSON", nil), ("", nil),
        ] as [(String, String?)])
    func kinds(text: String, type: String?) { #expect(LayoutListing.mediaType(of: Array(text.utf8)) == type) }

    @Test("referrers are listed by subject and type, with what they say of themselves")
    func referrers() throws {
        let subject = try Self.entry(9)
        let entry = try Self.entry(2, "sig")
        var signature = ImageManifest(
            artifactType: "a/signature", config: subject, layers: [], annotations: ["k": "v"])
        #expect(Referrer(entry, signature) == nil)
        signature.subject = subject
        var other = ImageManifest(config: Descriptor(mediaType: "c/config", digest: entry.digest, size: 1), layers: [])
        other.subject = subject
        let all = [try Self.entry(3), entry].enumerated().compactMap { Referrer($1, $0 == 0 ? other : signature) }
        let listed = ImageIndex(of: all, about: subject.digest, type: nil).manifests
        #expect(listed.map(\.artifactType) == ["a/signature", "c/config"])
        #expect(listed.first?.annotations == ["k": "v"])
        #expect(
            ImageIndex(of: all, about: subject.digest, type: "c/config").manifests.map(\.digest) == [
                all[0].entry.digest
            ])
        #expect(ImageIndex(of: all, about: entry.digest, type: nil).manifests.isEmpty)
    }
}
