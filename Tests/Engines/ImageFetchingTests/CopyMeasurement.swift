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

    @Test("an image copied and proven beside making two filesystems and cp, from the same cold files")
    func copying() throws {
        let image = try #require(ProcessInfo.processInfo.environment["LIFEBOOT_BENCH_IMAGE"])
        var (making, copying, ours): ([Times], [Times], [Times]) = ([], [], [])
        for _ in 0..<5 {
            let folder = try TestFolder()
            let path = folder.path.string
            try Self.shell("truncate -s 700M \(path)/state && truncate -s 2900M \(path)/persistent")
            making.append(
                try Self.time { try Self.shell("cd \(path) && mkfs.ext4 -qF persistent && mkfs.ext4 -qF state") })
            try Self.forget(image)
            copying.append(
                try Self.time { try Self.shell("cp -r \(image) \(path)/cp && sync \(path)/cp/* \(path)/cp") })
            try Self.forget(image)
            ours.append(
                try Self.time {
                    _ = try ImageCopy.run(from: FilePath(image), into: folder.path.appending("ours")) { _ in }
                })
        }
        let (mkfs, cp, own) = (Self.median(making), Self.median(copying), Self.median(ours))
        let wall = (mkfs.wall + own.wall) / (mkfs.wall + 1.2 * cp.wall)
        let processors = (mkfs.processors + own.processors) / (mkfs.processors + 1.2 * cp.processors)
        let text = String(
            format: "copying an image here: %.3f s (%.3f s of processors); mkfs %.3f s (%.3f), cp %.3f s (%.3f);\n"
                + "    mkfs and ours to mkfs + 1.2 x cp: %.2f by the clock (target: at most 1.00), %.2f of processors\n",
            own.wall, own.processors, mkfs.wall, mkfs.processors, cp.wall, cp.processors, wall, processors)
        try text.write(toFile: measurementsPath ?? "/dev/null", atomically: false, encoding: .utf8)
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

    private static func shell(_ command: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command)")
    }
}
