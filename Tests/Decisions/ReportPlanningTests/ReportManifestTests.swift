import ImageModel
import JSONText
import OutputSchemas
import Testing

@testable import ReportPlanning

@Suite("What a report says of itself")
struct ReportManifestTests {
    private func manifest(gaps: Bool) throws -> ReportManifest {
        let part = ReportPart("status.txt", "lifeboot status", .agent(["status"]))
        let journal = ReportPart("journal/boot-0.txt", "the journal", .program("journalctl", []))
        let entries = [
            ReportEntry(part, bytes: 1_234),
            gaps ? ReportEntry(journal, gap: "there is no journalctl") : ReportEntry(journal, bytes: 1),
        ]
        return ReportManifest(
            entries: entries, time: try #require(UTCTime("2026-11-29T19:24:33Z")), agent: "1.2.3")
    }

    @Test("it names what is in it, what is missing, and why")
    func text() throws {
        let text = try manifest(gaps: true).text
        #expect(text.contains("  status.txt (1.2 kB): lifeboot status\n"))
        #expect(text.contains("Not in it, or not as a whole:\n  journal/boot-0.txt: there is no journalctl\n"))
        #expect(!text.contains("Nothing is missing."))
        #expect(text.contains(SecretRemoval.mark))
        #expect(try manifest(gaps: false).text.contains("Nothing is missing.\n"))
    }

    @Test("programs read the same")
    func document() throws {
        let manifest = try manifest(gaps: true)
        try OutputSchema.check(manifest.json, "report")
        #expect(manifest.json["format"]?.integer == 1)
        let parts = try #require(manifest.json["parts"]?.elements)
        #expect(parts.map { $0["name"]?.text } == ["status.txt", "journal/boot-0.txt"])
        #expect(parts.map { $0["bytes"]?.integer } == [1_234, nil])
        #expect(parts.map { $0["gap"]?.text } == [nil, "there is no journalctl"])
        #expect(manifest.gaps.map(\.part.name) == ["journal/boot-0.txt"])
    }

    @Test("its name has the time, and nothing that a FAT does not take")
    func name() throws {
        let time = try #require(UTCTime("2026-11-29T19:24:33Z"))
        #expect(ReportManifest.name(time) == "lifeboot-report-20261129T192433Z")
    }
}
