package import ImageModel
import ReleaseModel

/// What is assumed of machines, their links, and what stands between them and the registry.
package struct Fleet: Equatable, Sendable {
    /// How many machines there are.
    package var machines = 100_000
    /// Seconds between two polls of one machine.
    package var interval = 1800
    /// Seconds over which polls are spread, at most the interval; 0 is the same second for all.
    package var jitter = 1800
    /// Bytes a second that a machine gets.
    package var link = 2_500_000.0
    /// Seconds from a request to the first byte of its answer.
    package var latency = 0.05
    /// Seconds that are looked at.
    package var horizon = 86_400
    /// Sites with a mirror each; machines are spread over them evenly.
    package var mirrors = 200
    /// Places of a content delivery network; machines are spread over them evenly.
    package var edges = 20
    /// Seconds for which a place of that network keeps what may change.
    package var edgeLifetime = 60

    /// Takes the assumptions that the tables are made with.
    package init() {}

    /// The made-up id of a machine, in the form of machine-id(5).
    package static func machineID(_ number: Int) -> String {
        let words = [mixed(UInt64(number) &* 2), mixed(UInt64(number) &* 2 &+ 1)]
        return words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// The second of the interval at which a machine polls: always the same, as `FixedRandomDelay=` of systemd.timer(5) has it.
    package func phase(of number: Int) -> Int {
        jitter <= 1 ? 0 : Int(Self.mixed(UInt64(number) ^ 0x6C69_6665) % UInt64(min(jitter, interval)))
    }

    /// The finaliser of MurmurHash3 behind a step of the golden ratio: splitmix64.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var word = (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}

/// When a release is rolled out to how many machines.
package struct Rollout: Equatable, Sendable {
    /// One publication of the channel.
    package struct Stage: Equatable, Sendable {
        /// The second.
        package var start: Int
        /// Percent of the machines that get the release.
        package var percent: Int
    }

    /// The publications, in order.
    package var stages: [Stage]

    /// Takes publications: seconds, and percent.
    package init(_ stages: [(start: Int, percent: Int)]) {
        self.stages = stages.map { Stage(start: $0.start, percent: $0.percent) }
    }

    /// One that is careful: a percent, two hours later ten, half after six hours, all after twelve.
    package static let staged = Rollout([(0, 1), (7_200, 10), (21_600, 50), (43_200, 100)])
    /// All at once.
    package static let atOnce = Rollout([(0, 100)])
    /// Nothing is published.
    package static let none = Rollout([])

    /// The release whose machines are counted.
    package static let release = Digest(bytes: [UInt8](repeating: 0x5A, count: 32))

    /// The stage at which a machine gets the release; nil for none.
    ///
    /// - Parameter share: what `MachineShare.share` says of the machine.
    package func stage(ofShare share: Int) -> Int? { stages.firstIndex { share < $0.percent } }

    /// The share of each machine, from 0 to 99, by the agent's own function.
    package static func shares(machines: Int) -> [Int] {
        guard let release else { return [] }
        return (0..<machines).map { MachineShare.share(machineID: Fleet.machineID($0), release: release) }
    }

    /// Machines that get the release where it is rolled out to these percents.
    package static func counts(_ shares: [Int], percents: [Int]) -> [Int] {
        var machines = [Int](repeating: 0, count: 100)
        for share in shares { machines[share] += 1 }
        return percents.map { machines.prefix($0).reduce(0, +) }
    }
}
