import Faults
import ImageModel
import JSONText
import ReleaseModel
import SeededNumbers
import Testing

@Suite("Channel documents")
struct ChannelParsingTests {
    static let digest = String(repeating: "ab", count: 32)
    static let text = """
        {
          "format": 1,
          "name": "stable",
          "issued": "2026-11-01T00:00:00Z",
          "expires": "2027-11-01T00:00:00Z",
          "vendor": {"contact": "ops@example"},
          "releases": [
            {"version": "1.0", "sequence": 1, "digest": "sha256:\(digest)"},
            {"version": "2.0", "sequence": 2, "digest": "sha256:\(digest)", "reference": "oci://r.example/os",
             "notes": "Faster.", "rollout": 25, "minimum": 1, "critical": true}
          ]
        }
        """

    @Test("a document is read, and written so that it reads the same")
    func roundTrip() throws {
        let document = try ChannelDocument(parsing: Array(Self.text.utf8))
        #expect(document.name == "stable")
        #expect(document.issued.description == "2026-11-01T00:00:00Z")
        #expect(document.releases.map(\.version) == ["1.0", "2.0"])
        let newest = try #require(document.releases.last)
        #expect(newest.rollout == 25 && newest.minimumSequence == 1 && newest.isCritical)
        #expect(newest.reference == "oci://r.example/os" && newest.notes == "Faster.")
        #expect(document.releases.first?.rollout == 100)
        let again = try ChannelDocument(parsing: document.serialized())
        #expect(again.releases == document.releases)
        #expect(again.document["vendor"] == document.document["vendor"])
    }

    @Test(
        "a document with a fault is refused with its place",
        arguments: [
            ("\"format\": 1", "\"format\": 2", "$.format"),
            ("\"stable\"", "\"no name\"", "$.name"),
            ("2026-11-01T00:00:00Z", "yesterday", "$.issued"),
            ("2027-11-01T00:00:00Z", "2025-11-01T00:00:00Z", "$.expires"),
            ("2027-11-01T00:00:00Z", "2026-11-01T00:00:00Z", "$.expires"),
            ("\"rollout\": 25", "\"rollout\": -1", "$.releases[1].rollout"),
            ("\"rollout\": 25", "\"rollout\": 101", "$.releases[1].rollout"),
            ("\"sequence\": 2", "\"sequence\": 1", "$.releases[1].sequence"),
            ("\"sequence\": 2", "\"sequence\": -1", "$.releases[1].sequence"),
            ("\"sequence\": 1,", "", "$.releases[0].sequence"),
            ("sha256:", "sha512:", "$.releases[0].digest"),
            ("oci://r.example/os", "https://r.example/os", "$.releases[1].reference"),
            ("oci://r.example/os", "/os", "$.releases[1].reference"),
            ("oci://r.example/os", ".os", "$.releases[1].reference"),
            ("\"critical\": true", "\"withdrawn\": true", "$.releases[1].withdrawn"),
            ("\"critical\": true", "\"critical\": 1", "$.releases[1].critical"),
            ("\"releases\": [", "\"releases\": 3, \"others\": [", "$.releases"),
        ])
    func faults(_ part: String, _ replacement: String, _ path: String) throws {
        let text = try #require(Self.text.replacing(part, with: replacement, maxReplacements: 1) as String?)
        #expect(text != Self.text)
        let error = #expect(throws: ChannelError.self) { try ChannelDocument(parsing: Array(text.utf8)) }
        #expect(error?.kind.path == path)
    }

    @Test("a withdrawn release is read, and written so that an agent that does not know the word holds it back")
    func withdrawn() throws {
        let text = Self.text.replacing("\"critical\": true", with: "\"withdrawn\": \"It burns.\"")
        let document = try ChannelDocument(parsing: Array(text.utf8))
        #expect(document.releases.map(\.withdrawn) == [nil, "It burns."])
        let written = try JSONValue(parsing: document.serialized())["releases"]?.elements?.last
        #expect(written?["withdrawn"]?.text == "It burns." && written?["rollout"]?.integer == 0)
    }

    @Test("a place beside the channel is read", arguments: ["./os", "../os"])
    func relative(reference: String) throws {
        let text = Self.text.replacing("oci://r.example/os", with: reference)
        #expect(try ChannelDocument(parsing: Array(text.utf8)).releases.last?.reference == reference)
    }

    @Test("a release may be for nobody and for everybody", arguments: [0, 100])
    func rollout(share: Int) throws {
        let text = Self.text.replacing("\"rollout\": 25", with: "\"rollout\": \(share)")
        #expect(try ChannelDocument(parsing: Array(text.utf8)).releases.last?.rollout == share)
    }

    @Test("a document has at most a thousand releases", arguments: [(1_000, nil), (1_001, "$.releases")])
    func limit(count: Int, path: String?) throws {
        let releases = (0..<count).map {
            "{\"version\": \"1\", \"sequence\": \($0), \"digest\": \"sha256:\(Self.digest)\"}"
        }
        let head = try #require(Self.text.split(separator: "[").first)
        let text = "\(head)[\(releases.joined(separator: ","))]}"
        do throws(ChannelError) {
            let document = try ChannelDocument(parsing: Array(text.utf8))
            #expect(document.releases.count == count && path == nil)
        } catch { #expect(error.kind.path == path) }
    }

    @Test("no prefix of a document and no changed byte traps")
    func fuzz() {
        let bytes = Array(Self.text.utf8)
        for end in 0..<bytes.count { _ = try? ChannelDocument(parsing: Array(bytes[..<end])) }
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            var changed = bytes
            changed[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            _ = try? ChannelDocument(parsing: changed)
        }
    }
}
