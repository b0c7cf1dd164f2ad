import Foundation
import LinuxSystem
import OEMExecution
import OEMPlanning
import Plans
import SystemPackage
import TestServers
import Testing

/// Whether this machine lets a test swap; a container may not.
private let canSwap: Bool = {
    guard ThisProcess.isRoot, let root = try? FixtureRoot() else { return false }
    let file = "\(root.path)/swap"
    let script =
        "head -c 1M /dev/zero > \(file); chmod 600 \(file); mkswap \(file) && swapon \(file) && swapoff \(file)"
    return (try? Tool.run("sh", ["-c", script])) != nil
}()

@Suite("A swap file of a stage", .serialized)
struct SwapTests {
    private static func run(_ root: FixtureRoot, _ keys: String) throws -> StageActionReport {
        try root.runHere("boot", "#cloud-config\nswap: {\(keys)}\n")
    }

    @Test("is made for root alone, used, and made anew when it is to have another size", .enabled(if: canSwap))
    func makes() throws {
        let root = try FixtureRoot(["/else": "keep"])
        let file = "\(root.path)/srv/swap"
        defer { _ = try? Tool.run("swapoff", [file]) }
        try root.write("x", to: "/srv/x")
        // Replaced, and never written through.
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "\(root.path)/else")
        var action = try Self.run(root, "filename: \(file), size: 2M")
        #expect(action.report.outcome == .done && action.isChanged == true, "\(action.report.message ?? "")")
        #expect(try String(contentsOfFile: "/proc/swaps", encoding: .utf8).contains(file))
        #expect(try root.mode("/srv/swap") == "600" && root.text("/else") == "keep")
        #expect(try Self.run(root, "filename: \(file), size: 2M").isChanged == false)
        try Tool.run("swapoff", [file])
        let old = try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int
        action = try Self.run(root, "filename: \(file), size: auto")
        #expect(action.isChanged == true)
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int == old)
        try Tool.run("swapoff", [file])
        #expect(try Self.run(root, "filename: \(file), size: 3M, maxsize: 9M").isChanged == true)
        #expect(try FileStatus.of(FilePath(file))?.size == 3 << 20)
    }

    @Test(
        "is refused where no swap can be, and leaves nothing where there is no room",
        .enabled(if: ThisProcess.isRoot && FileManager.default.fileExists(atPath: "/dev/shm")))
    func places() throws {
        let root = try FixtureRoot()
        let name = "/dev/shm/swap-\(UUID().uuidString)"
        let memory = try Self.run(root, "filename: \(name), size: 1M")
        #expect(memory.report.message?.contains("holds no swap") == true)
        #expect(!FileManager.default.fileExists(atPath: name))
        let large = try Self.run(root, "filename: \(root.path)/swap, size: 4000T")
        #expect(large.report.message?.contains("are free") == true)
        #expect(!FileManager.default.fileExists(atPath: "\(root.path)/swap"))
    }
}
