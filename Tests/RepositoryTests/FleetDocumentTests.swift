import FleetModel
import Foundation
import Testing

@Suite("docs/fleet.md", .serialized)
struct FleetDocumentTests {
    private let tables: FleetTables

    init() throws {
        tables = FleetTables(try RecordedTraces.read(Array(try Repository.text("Tests/Fleet/traces.json").utf8)))
    }

    @Test("has the numbers that the recorded requests give, and the assumptions of the replay")
    func records() throws {
        let page = try Document("docs/fleet.md")
        try page.expect("machine", equals: tables.machine)
        try page.expect("assumptions", equals: tables.assumptions)
        try page.expect("rollout", equals: tables.rollout)
    }

    /// A day of 100,000 machines takes 20 seconds of a processor without the optimiser: tests replay small fleets instead.
    @Test("has what servers see in a day", .enabled(if: Repository.updates))
    func load() throws { try Document("docs/fleet.md").expect("load", equals: tables.load()) }
}
