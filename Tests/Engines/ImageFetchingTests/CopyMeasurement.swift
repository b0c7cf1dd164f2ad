import Foundation
import Glibc
import SystemPackage
import Testing

@testable import ImageFetching

/// Where `scripts/bench` wants the numbers; nil unless it runs.
private let measurementsPath = ProcessInfo.processInfo.environment["LIFEBOOT_BENCH_RESULTS"]

/// Times the copy of an image on this machine, without emulation, beside the programs that would do it by hand.
@Suite("Measurement of a copy", .enabled(if: measurementsPath != nil), .timeLimit(.minutes(30)))
struct CopyMeasurement {
    /// Seconds of one way to do it: by the clock, and of processors.
    typealias Times = (wall: Double, processors: Double)

    @Test("an image copied and proven beside making two filesystems, cp, and cp and a sum of what the disk gives back")
    func copying() throws {
        let image = try #require(ProcessInfo.processInfo.environment["LIFEBOOT_BENCH_IMAGE"])
        var times = [Way: [Times]]()
        for round in 0..<Self.rounds {
            let folder = try TestFolder()
            let path = folder.path.string
            try shell("truncate -s 700M \(path)/state && truncate -s 2900M \(path)/persistent")
            // Memory that a virtual machine has lent back costs whoever takes it first: each is first equally often.
            let ways = Way.allCases
            for way in ways[(round % ways.count)...] + ways[..<(round % ways.count)] {
                if way != .filesystems { try Self.forget(image) }
                times[way, default: []].append(try Self.time { try way.run(image, in: folder.path) })
            }
        }
        let text = [("medians", Self.median), ("least", Self.least)].map { name, pick in
            Self.line(name) { pick(times[$0] ?? []) }
        }.joined()
        try text.write(toFile: measurementsPath ?? "/dev/null", atomically: false, encoding: .utf8)
    }

    /// What is timed.
    enum Way: String, CaseIterable {
        case filesystems = "mkfs"
        case copy = "cp"
        case provenCopy = "cp and a sum of what the disk gives back"
        case ours

        func run(_ image: String, in folder: FilePath) throws {
            let copy = "cp -r \(image) \(folder)/\(self) && sync \(folder)/\(self)/* \(folder)/\(self)"
            switch self {
            case .filesystems: try shell("cd \(folder) && mkfs.ext4 -qF persistent && mkfs.ext4 -qF state")
            case .copy: try shell(copy)
            case .provenCopy:
                let back = "dd if=$file iflag=direct bs=2M status=none | openssl dgst -sha256"
                try shell("\(copy) && for file in \(folder)/\(self)/*; do \(back); done >/dev/null")
            case .ours: _ = try ImageCopy.run(from: FilePath(image), into: folder.appending("ours")) { _ in }
            }
        }
    }

    /// A multiple of the number of ways.
    private static let rounds = 12

    private static func line(_ name: String, _ times: (Way) -> Times) -> String {
        let (mkfs, own) = (times(.filesystems).wall, times(.ours).wall)
        let told = Way.allCases.map { way in
            String(format: "\(way.rawValue) %.3f s (%.3f s of processors)", times(way).wall, times(way).processors)
        }.joined(separator: ", ")
        let ratios = [Way.copy, .provenCopy].map { (mkfs + own) / (mkfs + 1.2 * times($0).wall) }
        return String(
            format:
                "copying an image here, \(name) of \(rounds): \(told);\n    mkfs and ours to mkfs + 1.2 x "
                + "cp: %.2f by the clock (target: at most 1.00); to mkfs + 1.2 x cp and the sum: %.2f\n",
            ratios[0], ratios[1])
    }

    /// Takes an image out of the page cache, and waits until the disk has come to rest.
    private static func forget(_ image: String) throws {
        try shell("sync; for file in \(image)/*; do dd if=\"$file\" iflag=nocache count=0 status=none; done; sleep 1")
    }

    private static func time(_ body: () throws -> Void) throws -> Times {
        let (start, before) = (ContinuousClock.now, processorSeconds())
        try body()
        let wall = ContinuousClock.now - start
        return (wall / .seconds(1), processorSeconds() - before)
    }

    /// Of this process and of those that it waited for.
    private static func processorSeconds() -> Double {
        [RUSAGE_SELF, RUSAGE_CHILDREN].map(\.rawValue).reduce(0) { sum, who in
            var usage = rusage()
            getrusage(who, &usage)
            return sum + seconds(usage.ru_utime) + seconds(usage.ru_stime)
        }
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    private static func median(_ times: [Times]) -> Times {
        (times.map(\.wall).sorted()[times.count / 2], times.map(\.processors).sorted()[times.count / 2])
    }

    private static func least(_ times: [Times]) -> Times {
        (times.map(\.wall).min() ?? 0, times.map(\.processors).min() ?? 0)
    }
}

private func shell(_ command: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(command)")
}
