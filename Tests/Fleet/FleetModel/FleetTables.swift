import Foundation

/// The tables of docs/fleet.md, made of recorded traces and of nothing else.
package struct FleetTables: Sendable {
    private let recorded: [RecordedTraces]
    private let fleet: Fleet
    private let shares: [Int]

    /// Takes what was recorded.
    package init(_ recorded: [RecordedTraces], _ fleet: Fleet = Fleet()) {
        (self.recorded, self.fleet) = (recorded, fleet)
        shares = Rollout.shares(machines: fleet.machines)
    }

    /// What one machine costs, by what it does and whom it asks.
    package var machine: String {
        var text = "| a machine's | asks | requests | bytes sent | bytes received |\n|---|---|---|---|---|\n"
        for deed in RecordedTraces.Deed.allCases {
            for server in recorded {
                let trace = server[deed]
                text += "| \(deed.words) | \(server.server) | \(trace.requests.count) | \(Self.grouped(trace.sent)) "
                text += "| \(Self.grouped(trace.received)) |\n"
            }
        }
        return text
    }

    /// What is assumed.
    package var assumptions: String {
        """
        | assumed | value |
        |---|---|
        | machines | \(Self.grouped(fleet.machines)) |
        | seconds between two polls of a machine | \(fleet.interval) |
        | seconds over which polls are spread, by the machine's id | \(fleet.jitter) |
        | bytes a second that a machine gets | \(Self.grouped(Int(fleet.link))) |
        | seconds from a request to the first byte of its answer | \(fleet.latency) |
        | hours that are looked at | \(fleet.horizon / 3600) |
        | sites with a mirror, which keeps what has a digest and passes other questions on | \(fleet.mirrors) |
        | places of the CDN, each of which keeps what has a digest, and other answers for \(fleet.edgeLifetime) s | \(fleet.edges) |
        | stages of the rollout | \(Self.words(.staged)) |
        | requests of one machine | as recorded before docker-registry, one after the other |
        | servers | answer whatever they are asked: the numbers are what is asked for |

        """
    }

    private static func words(_ rollout: Rollout) -> String {
        rollout.stages.map { "\($0.percent) % at \($0.start / 3600) h" }.joined(separator: ", ")
    }

    /// How many machines the agent's own function lets in.
    package var rollout: String {
        let percents = [1, 5, 10, 25, 50, 75, 100]
        let counts = Rollout.counts(shares, percents: percents)
        var text = "| rollout | machines that get it | share |\n|---|---|---|\n"
        for (percent, count) in zip(percents, counts) {
            let share = String(format: "%.2f", 100 * Double(count) / Double(fleet.machines))
            text += "| \(percent) % | \(Self.grouped(count)) | \(share) % |\n"
        }
        return text
    }

    /// What servers see in a day.
    package func load() -> String {
        guard let traces = recorded.first(where: { $0.server == "docker-registry" }) else { return "" }
        var together = fleet
        together.jitter = 0
        let cases: [(name: String, fleet: Fleet, rollout: Rollout, image: RecordedTraces.Deed)] = [
            ("nothing new", fleet, .none, .fix), ("one package, in stages", fleet, .staged, .fix),
            ("whole image, in stages", fleet, .staged, .full), ("one package, at once", fleet, .atOnce, .fix),
            ("one package, at once, all in the same second", together, .atOnce, .fix),
        ]
        var text = "| what happens | seen by | requests/s, peak | mean | MB/s, peak | mean | GB in all |\n"
        text += "|---|---|---|---|---|---|---|\n"
        for one in cases {
            let simulation = FleetSimulation(one.fleet, traces, one.rollout, image: one.image, shares: shares)
            for (front, place, registry) in Self.views {
                let result = simulation.run(front)
                if let place { text += Self.row(one.name, place, result.front) }
                text += Self.row(one.name, registry, result.registry)
            }
        }
        return text
    }

    private static let views: [(FleetSimulation.Front, String?, String)] = [
        (.nothing, nil, "registry alone"), (.mirrors, "one mirror", "registry behind the mirrors"),
        (.network, "one place of the CDN", "registry behind the CDN"),
    ]

    private static func row(_ name: String, _ place: String, _ load: FleetLoad) -> String {
        let bytes = load.bytes
        let numbers = [
            grouped(load.peak), String(format: "%.2f", load.mean), String(format: "%.2f", bytes.peak / 1e6),
            String(format: "%.2f", bytes.total / 1e6 / Double(load.seconds)), String(format: "%.1f", bytes.total / 1e9),
        ]
        return "| \(([name, place] + numbers).joined(separator: " | ")) |\n"
    }

    /// Digits in groups of three.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return digits.indices.reduce(into: "") { text, index in
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digits[index])
        }
    }
}
