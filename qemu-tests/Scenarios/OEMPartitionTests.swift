import Foundation
import ImageModel
import Testing

@Suite("An OEM partition", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct OEMPartitionTests {
    /// What happened to it.
    enum Loss: String, CaseIterable {
        /// It is no longer in the table.
        case deleted
        /// Its first blocks are zeros. A partition of this size has no second superblock.
        case erased

        func happen(to disk: DiskEditor) async throws {
            let partition = try await disk.partition("oem")
            switch self {
            case .deleted: try await HostCommand.run("sfdisk", ["-q", "--delete", disk.path, "\(partition.number)"])
            case .erased: try disk.write([UInt8](repeating: 0, count: 16 << 10), at: partition.offset)
            }
        }

        /// What is said about it.
        var cause: String {
            switch self {
            case .deleted: "has no such partition"
            case .erased: "no known file system is on it"
            }
        }
    }

    @Test(
        "that is lost costs its files and nothing else: the boot is good, and the status says what is not there",
        arguments: Loss.allCases)
    func lost(_ loss: Loss) async throws {
        try await withSystem(change: { disk in
            try await disk.setFile("/10.yaml", on: "oem", to: Array("stages: {boot: [{hostname: named}]}\n".utf8))
            try await loss.happen(to: disk)
        }) { guest, _ in
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.output(of: "hostname; findmnt -n /oem || echo none") == "lifeboot\nnone")
            let problems = try await guest.status().problems
            #expect(problems.count == 1, "\(problems)")
            #expect(problems.first?.hasPrefix("mount-oem ") == true, "\(problems)")
            #expect(problems.first?.contains(loss.cause) == true, "\(problems)")
        }
    }

    @Test(
        """
        that is full, with a damaged file, holds up nothing: what does not fit leaves no piece behind, all other files \
        count, and the status names both with file and line
        """)
    func full() async throws {
        let content = String(repeating: "x", count: 64 << 10)
        let long = "stages:\n  boot:\n    - files:\n        - {path: /oem/long, content: \(content)}\n"
        try await withSystem(change: { disk in
            try await disk.setFile("/10_long.yaml", on: "oem", to: Array(long.utf8))
            try await disk.setFile("/20_damaged.yaml", on: "oem", to: Array("stages: {boot: [{hostname: no}]}\n".utf8))
            try await disk.damageBlock(of: "/20_damaged.yaml", on: "oem", at: 0)
            try await disk.setFile("/30.yaml", on: "oem", to: Array("stages: {boot: [{hostname: named}]}\n".utf8))
            try await disk.fill("oem")
        }) { guest, _ in
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.output(of: "hostname") == "named")
            #expect(
                try await guest.output(of: "ls -A /oem").split(separator: "\n")
                    == ["10_long.yaml", "20_damaged.yaml", "30.yaml", "filling", "lost+found"])
            let problems = try await guest.status().problems
            for (start, end) in [
                ("/oem/10_long.yaml:4: write-file /oem/long: ", "No space left on device"),
                ("/oem/20_damaged.yaml:1: ", "UTF-8"),
            ] { #expect(problems.contains { $0.hasPrefix(start) && $0.contains(end) }, "\(start): \(problems)") }
            #expect(problems.count == 2, "\(problems)")
        }
    }
}
