import Foundation
import Testing

/// A row of a table of docs/architecture.md: a file, and the call in it that leads to the file of the next row.
struct Hop {
    /// Relative to the top of the checkout.
    var file: String
    /// As it stands in the file, up to the opening parenthesis; nil where the row says `returns`.
    var call: String?

    /// The rows of one table.
    static func list(_ name: String) throws -> [Hop] {
        let text = try Repository.text("docs/architecture.md")
        let parts = text.components(separatedBy: "<!-- hops \(name): begin -->\n")
        let table = try #require(parts.last?.components(separatedBy: "<!-- hops \(name): end -->").first)
        return try table.split(separator: "\n").dropFirst(2).map { row in
            let match = try #require(row.firstMatch(of: /\(\.\.\/(.+?\.swift)\).*\| (?:`(.+)`|returns) \|$/), "\(row)")
            return Hop(file: String(match.output.1), call: match.output.2.map(String.init))
        }
    }

    /// The lines of the file that are no comments.
    func code() throws -> String {
        try Repository.text(file).split(separator: "\n")
            .filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
    }
}

@Suite("Hop lists")
struct HopListTests {
    @Test(
        "each hop is a call in its file, of what the next file declares",
        arguments: ["boot", "upgrade", "reset", "stage", "overlays", "build"])
    func hops(name: String) throws {
        let hops = try Hop.list(name)
        try #require(hops.count > 8)
        for (hop, next) in zip(hops, hops.dropFirst()) {
            guard let call = hop.call else {
                #expect(hops.filter { $0.file == next.file }.count > 1, "\(hop.file) returns to \(next.file)")
                continue
            }
            #expect(try hop.code().contains(call), "\(hop.file) has no call of \(call)")
            let callee = call.split { ".(".contains($0) }.last { $0 != ")" } ?? ""
            let declaration = try Regex("(func|struct|enum) \(callee)\\b")
            #expect(try next.code().contains(declaration), "\(next.file) does not declare \(callee)")
        }
        #expect(hops.last?.call == nil)
    }
}
