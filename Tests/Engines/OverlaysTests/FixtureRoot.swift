import Foundation
import ImageFolders
import ImageModel
import OutputSchemas
import OverlayPlanning
import SystemPackage
import Testing

@testable import Overlays

/// A root with both folders of overlays, in a folder that goes with the test.
final class FixtureRoot {
    let folder: FilePath
    var root: FilePath { folder.appending("root") }
    var places: OverlayPlaces {
        OverlayPlaces(store: folder.appending("store"), report: folder.appending("report.json"), size: "64m")
    }

    /// The root that overlays of these tests are stacked over.
    init(_ files: [String: String] = [:]) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("o-\(UUID().uuidString.prefix(8))")
        folder = FilePath(url.path)
        let all = [
            "/usr/lib/os-release": "ID=demo\nVERSION_ID=1\n", "/usr/bin/tool": "image\n", "/usr/bin/only": "image\n",
            "/opt/.keep": "", "/etc/conf": "image\n", "/etc/sub/conf": "image\n", "/system/oem/overlays/.keep": "",
            "/oem/overlays/.keep": "",
        ]
        for (name, text) in all.merging(files, uniquingKeysWith: { $1 }) { try write(text, to: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.string) }

    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: root.string + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: root.string + name).map { String(decoding: $0, as: UTF8.self) }
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: root.string + name) }

    /// Runs lines of a shell in the folder of OEM's overlays; `$W` is an empty folder for what is not an overlay itself.
    func shell(_ script: String) throws {
        let work = folder.appending("work").string
        let ended = try Self.run(["sh", "-ec", "mkdir -p \"$W\"; cd \"$O\"\n\(script)"], ["W": work, "O": oem.string])
        try #require(ended.status == 0, "\(ended.said)")
    }

    var oem: FilePath { root.appending("oem/overlays") }

    static func run(_ command: [String], _ added: [String: String] = [:]) throws -> (status: Int32, said: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["timeout", "60"] + command
        process.environment = ProcessInfo.processInfo.environment.merging(added) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }

    func request() -> OverlayRequest {
        var request = OverlayRequest(
            root: OverlayRoot(root), role: .active, architecture: "amd64", seal: SystemSeal(root: root))
        request.places = places
        return request
    }

    /// Stacks, hands over what became of it, and undoes it.
    func stacked(_ request: OverlayRequest? = nil, _ body: (OverlayOutcome) throws -> Void) throws {
        var run = OverlayRun(request ?? self.request())
        do {
            let outcome = try #require(try run.perform())
            try OutputSchema.check(outcome.json, "overlays")
            try body(outcome)
        } catch {
            run.undo()
            throw error
        }
        run.undo()
        #expect(try mounts().isEmpty, "everything is undone")
    }

    /// What is mounted below the fixture.
    func mounts() throws -> [String] {
        let table = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)
        return table.split(separator: "\n").map { String($0.split(separator: " ")[1]) }
            .filter { $0.hasPrefix(folder.string + "/") }
    }

    /// Loop devices of files below the fixture, once those had some seconds that are on their way out.
    ///
    /// A program that another test started with mounts of its own has copies of those that were there then, and a loop
    /// device stays until the last of them is gone.
    func loops() throws -> [String] {
        let end = ContinuousClock.now + .seconds(10)
        while true {
            let names = try presentLoops()
            if names.isEmpty || ContinuousClock.now > end { return names }
            usleep(100_000)
        }
    }

    private func presentLoops() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/sys/block").filter { name in
            let file = try? String(contentsOfFile: "/sys/block/\(name)/loop/backing_file", encoding: .utf8)
            return file?.hasPrefix(folder.string + "/") == true
        }
    }
}

/// What these tests need of the machine that they run on.
enum TestedMachine {
    static let isRoot = geteuid() == 0

    static func has(_ programs: String...) -> Bool {
        isRoot && programs.allSatisfy { (try? FixtureRoot.run(["which", $0]))?.status == 0 }
    }

    /// Whether an image of squashfs can be made and mounted.
    static let hasImages =
        has("mksquashfs", "tar", "zstd") && FileManager.default.fileExists(atPath: "/dev/loop-control")
}
