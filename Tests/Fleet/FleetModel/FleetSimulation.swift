/// Replays traces for all machines of a fleet through a day.
package struct FleetSimulation: Sendable {
    /// What stands between machines and the registry.
    package enum Front: Equatable, Sendable {
        /// Nothing.
        case nothing
        /// A mirror at each site, which keeps what never changes and passes every other question on.
        case mirrors
        /// A content delivery network, which keeps what may change for a while, too.
        case network
    }

    /// What is seen where.
    package struct Result: Equatable, Sendable {
        /// At one mirror or place of the network: the first; everything where there is none.
        package var front: FleetLoad
        /// At the registry.
        package var registry: FleetLoad
        /// Machines that upgraded.
        package var upgraded = 0
    }

    private let fleet: Fleet
    private let traces: RecordedTraces
    private let rollout: Rollout
    private let image: RecordedTraces.Deed
    private let shares: [Int]

    /// Takes everything that decides.
    ///
    /// - Parameters:
    ///   - image: what an upgrade fetches: `fix` or `full`.
    ///   - shares: what `Rollout.shares` gives for the machines.
    package init(
        _ fleet: Fleet, _ traces: RecordedTraces, _ rollout: Rollout, image: RecordedTraces.Deed, shares: [Int]
    ) {
        (self.fleet, self.traces, self.rollout) = (fleet, traces, rollout)
        (self.image, self.shares) = (image, shares)
    }

    /// A poll that finds something.
    private struct Event {
        var second: Int
        var place: Int
        /// Whether it upgrades, besides finding a new document.
        var upgrades: Bool
    }

    /// Replays.
    package func run(_ front: Front) -> Result {
        var result = Result(front: FleetLoad(seconds: fleet.horizon), registry: FleetLoad(seconds: fleet.horizon))
        let places = front == .mirrors ? fleet.mirrors : front == .network ? fleet.edges : 1
        let (events, quiet) = events(places)
        let lifetime = front == .network ? fleet.edgeLifetime : 0
        poll(quiet, lifetime, &result)
        let deeds = [traces[.renewed], traces[image]].map { TimedTrace($0, fleet) }
        let width = deeds.map(\.steps.count).max() ?? 0
        var asked = Asked(count: places * deeds.count * width, lifetime: lifetime, keeps: front != .nothing)
        for event in events {
            for deed in 0...(event.upgrades ? 1 : 0) {
                let first = (event.place * deeds.count + deed) * width
                replay(deeds[deed], event, first, &asked, &result)
            }
            if event.upgrades, event.second < fleet.horizon { result.upgraded += 1 }
        }
        return result
    }

    /// The polls that find nothing; who polls at a second does so again after each interval.
    private func poll(_ quiet: [[Int]], _ lifetime: Int, _ result: inout Result) {
        let steps = TimedTrace(traces[.poll], fleet).steps
        let all = (0..<fleet.interval).map { second in quiet.reduce(0) { $0 + $1[second] } }
        for second in 0..<fleet.horizon {
            let phase = second % fleet.interval
            for step in steps {
                let moment = Double(second) + step.offset
                result.front.add(quiet[0][phase], at: moment, bytes: step.bytes, taking: step.time)
                guard lifetime == 0 else { continue }
                result.registry.add(all[phase], at: moment, bytes: step.bytes, taking: step.time)
            }
        }
        guard lifetime > 0 else { return }
        for place in quiet {
            var second = 0
            while second < fleet.horizon {
                let isAsked = place[second % fleet.interval] > 0
                for step in steps where isAsked {
                    result.registry.add(1, at: Double(second) + step.offset, bytes: step.bytes, taking: step.time)
                }
                second += isAsked ? lifetime : 1
            }
        }
    }

    /// What is out of the ordinary, in the order of time, and the quiet polls of each second of an interval, by place.
    ///
    /// A poll that is out of the ordinary stands in both: as a quiet one it is 1 KiB and less, and one of very many.
    private func events(_ places: Int) -> (events: [Event], quiet: [[Int]]) {
        var quiet = [[Int]](repeating: [Int](repeating: 0, count: fleet.interval), count: places)
        var events: [Event] = []
        for number in 0..<fleet.machines {
            let (phase, place) = (fleet.phase(of: number), number % places)
            quiet[place][phase] += 1
            let own = rollout.stage(ofShare: shares[number])
            for (index, stage) in rollout.stages.enumerated() {
                // The first poll at or after the publication.
                let rounds = max(0, (stage.start - phase + fleet.interval - 1) / fleet.interval)
                events.append(Event(second: phase + rounds * fleet.interval, place: place, upgrades: index == own))
            }
        }
        return (events.sorted { ($0.second, $0.place) < ($1.second, $1.place) }, quiet)
    }

    /// Replays a trace for one machine.
    private func replay(
        _ trace: TimedTrace, _ event: Event, _ first: Int, _ asked: inout Asked, _ result: inout Result
    ) {
        for (index, step) in trace.steps.enumerated() {
            let moment = Double(event.second) + step.offset
            if event.place == 0 { result.front.add(1, at: moment, bytes: step.bytes, taking: step.time) }
            if asked.passes(first + index, isFixed: step.isFixed, at: event.second) {
                result.registry.add(1, at: moment, bytes: step.bytes, taking: step.time)
            }
        }
    }
}

/// When the requests of a trace begin and how long their answers take, for one machine alone.
private struct TimedTrace {
    struct Step {
        var offset: Double
        var time: Double
        var bytes: Double
        var isFixed: Bool
    }

    var steps: [Step] = []

    /// One request after the other, each as fast as the machine's link.
    init(_ trace: RequestTrace, _ fleet: Fleet) {
        var moment = 0.0
        for request in trace.requests {
            let time = Double(request.received) / fleet.link
            moment += fleet.latency
            steps.append(
                Step(offset: moment, time: time, bytes: Double(request.received), isFixed: request.isFixed))
            moment += time
        }
    }
}

/// What each place has asked the registry for.
private struct Asked {
    private let lifetime: Int
    private let keeps: Bool
    /// The second of the last question; negative for none.
    private var last: [Int]

    init(count: Int, lifetime: Int, keeps: Bool) {
        (self.lifetime, self.keeps) = (lifetime, keeps)
        last = [Int](repeating: -1, count: count)
    }

    /// Whether a question goes on to the registry.
    mutating func passes(_ question: Int, isFixed: Bool, at second: Int) -> Bool {
        guard keeps, isFixed || lifetime > 0 else { return true }
        let before = last[question]
        if before >= 0, isFixed || second < before + lifetime { return false }
        last[question] = second
        return true
    }
}
