import BootModel
import Testing

@Suite("The journal's catalog")
struct JournalCatalogTests {
    private static let path = "system/systemd/catalog/lifeboot.catalog"

    @Test("it explains each message that lifeboot sends, and no other")
    func ids() throws {
        let ids = try Repository.text(Self.path).matches(of: /(?m)^-- ([0-9a-f]{32})$/).map { String($0.output.1) }
        #expect(ids == JournalMessage.allCases.map(\.rawValue))
    }

    @Test("each explanation has a subject and a text, and asks only for fields that there are")
    func entries() throws {
        let source = try Repository.text("Sources/Vocabulary/BootModel/JournalEntry.swift")
        for entry in try Repository.text(Self.path).split(separator: "-- ").dropFirst() {
            let lines = entry.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[1].hasPrefix("Subject: ") && lines[2] == "Defined-By: lifeboot", "\(entry)")
            #expect(lines.count > 5 && lines[3].isEmpty && !lines[4].isEmpty, "\(entry)")
            for field in entry.matches(of: /@([A-Z_]+)@/).map(\.output.1) {
                #expect(source.contains("\"\(field)\""), "\(field)")
            }
        }
    }

    @Test("docs/journal.md has every message")
    func table() throws {
        let rows = JournalMessage.allCases.map { "| `\($0)` | `\($0.rawValue)` | \($0.priority) |\n" }
        let heading = "| moment | `MESSAGE_ID` | `PRIORITY` |\n|---|---|---|\n"
        try Document("docs/journal.md").expect("messages", equals: heading + rows.joined())
    }

    @Test("systemd can compile it", .needs("journalctl"))
    func compiles() throws {
        let script = """
            folder=$(mktemp -d) && mkdir -p "$folder/usr/lib/systemd/catalog" "$folder/var/lib/systemd/catalog" &&
            cp \(Self.path) "$folder/usr/lib/systemd/catalog/" && journalctl --root="$folder" --update-catalog &&
            test -s "$folder/var/lib/systemd/catalog/database"; status=$?; rm -rf "$folder"; exit $status
            """
        let result = try Tool.run("sh", ["-c", script])
        #expect(result.status == 0, "\(result.complaints)")
    }
}
