import Foundation
import ImageModel
import JSONText
import Testing

/// The squashfs of `guest/build-cloud-init`; nil where it could not be made.
private let cloudInitPath = ProcessInfo.processInfo.environment["LIFEBOOT_BENCH_CLOUD_INIT"]

/// Times files of configuration: many of them at a boot, and beside cloud-init with the same user-data in the same guest.
@Suite("Configuration measurement", .enabled(if: measurementsPath != nil), .timeLimit(.minutes(60)))
struct ConfigurationMeasurement {
    @Test("100 files with 1,000 actions in the initramfs and as many in the system, then the work of cloud-init")
    func configuration() async throws {
        let system = try await InstalledSystem.build()
        var lines: [String] = []
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch) { disk in
                try await disk.addFiles(Self.files, to: "oem")
                try await disk.addFiles(UserData.allCases.map { ("/\($0.rawValue)", $0.text) }, to: "oem")
                try await disk.addFiles([("/beside-cloud-init", try Self.script)], to: "oem")
            }
            let peer = cloudInitPath.map { [DiskImage(raw: $0)] } ?? []
            try await withGuest(GuestConfiguration(disks: [disk] + peer)) { guest in
                try await guest.waitForHealthy(role: .active)
                #expect(try await guest.status().problems == [])
                lines += try await Self.initramfs(guest)
                lines += try await Self.system(guest)
                if peer.isEmpty { return }
                for data in UserData.allCases { lines += try await Self.beside(data, guest) }
            }
        }
        let text = lines.joined(separator: "\n") + "\n"
        try text.write(toFile: measurementsPath ?? "/dev/null", atomically: false, encoding: .utf8)
    }

    private static let count = 100

    /// Ten actions for each of two stages in each file.
    private static var files: [(path: String, text: String)] {
        (0..<count).map { number in
            let stages = ["initramfs", "boot"].map { stage in
                let name = "\(stage)\(number)"
                let files = (0..<7).map {
                    "      - {path: /etc/bench/\(name)/\($0), content: 'number \($0) of \(name)'}\n"
                }
                return """
                      \(stage):
                      - directories: [{path: /etc/bench/\(name), permissions: 0750}]
                        files:
                    \(files.joined())    users: {\(name): {passwd: '*', groups: [adm], shell: /bin/bash}}
                        environment: {NAME: \(name)}
                        environment_file: /etc/bench/\(name)/environment
                    """
            }
            return ("/\(number + 100).yaml", "stages:\n" + stages.joined(separator: "\n") + "\n")
        }
    }

    private static func initramfs(_ guest: Guest) async throws -> [String] {
        let boot = try await guest.json(of: "cat /run/lifeboot/boot.json")
        let step = boot["steps"]?.elements?.first { $0["step"]?.text == "run-stage" }
        let whole = try #require(step?["microseconds"]?.integer)
        return ["100 files, initramfs: scan \(milliseconds(try BootScan.microseconds(boot)))"]
            + (try await stage("initramfs", whole, guest))
    }

    private static func system(_ guest: Guest) async throws -> [String] {
        let properties = "--property=ExecMainStartTimestampMonotonic --property=ExecMainExitTimestampMonotonic"
        let text = try await guest.output(of: "systemctl show --value \(properties) lifeboot-stage-boot")
        let stamps = text.split(separator: "\n").compactMap { Int64($0) }
        let whole = abs(try #require(stamps.last) - (try #require(stamps.first)))
        return try await stage("boot", whole, guest)
    }

    /// What a stage took; what is not in its report is the start of the program and its end.
    private static func stage(_ stage: String, _ whole: Int64, _ guest: Guest) async throws -> [String] {
        let report = try await guest.json(of: "cat /run/lifeboot/stages/\(stage).json")
        let actions = (report["steps"]?.elements ?? []).flatMap { $0["actions"]?.elements ?? [] }
        #expect(actions.count == 10 * count && actions.allSatisfy { $0["changed"] == .bool(true) })
        let run = try #require(report["durationMicroseconds"]?.integer)
        let planning = try #require(report["planningMicroseconds"]?.integer)
        return [
            "100 files, stage \(stage): \(actions.count) actions in \(milliseconds(whole)): exec \(milliseconds(whole - run)), "
                + "reading \(milliseconds(planning)), acting \(milliseconds(run - planning))"
        ]
    }

    private static func beside(_ data: UserData, _ guest: Guest) async throws -> [String] {
        let output = try await guest.output(
            of: "sh /oem/beside-cloud-init /dev/vdb /oem/\(data.rawValue) \(data.rounds)", within: .seconds(1200))
        var times: [String: [Int]] = [:]
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, let time = Int(words[1]) else { throw MachineError("measure", "it said \(output)") }
            times[String(words[0]), default: []].append(time)
        }
        let ours = try #require(times["lifeboot"])
        let theirs = try #require(times["cloud-init"])
        let ratio = Double(ours.sorted()[ours.count / 2]) / Double(theirs.sorted()[theirs.count / 2])
        return [
            "user-data \(data.rawValue): lifeboot \(ours) ms, cloud-init \(theirs) ms",
            String(format: "user-data \(data.rawValue) ratio lifeboot/cloud-init: %.3f (target: at most 0.25)", ratio),
        ]
    }

    private static var script: String {
        get throws {
            let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
            return try String(contentsOfFile: "\(folder)/../guest/beside-cloud-init", encoding: .utf8)
        }
    }
}

/// The texts that both tools get.
private enum UserData: String, CaseIterable {
    /// One user, four files, two commands, as machines usually have it.
    case small
    /// 20 users, 960 files, two commands: as many actions as the files of configuration have for one stage.
    case large

    /// The second run of either tool finds its own files in memory; the large one takes cloud-init minutes.
    var rounds: Int { self == .small ? 3 : 1 }

    var text: String {
        let (files, users) = self == .small ? (4, 1) : (960, 20)
        let writes = (0..<files).map { number in
            "  - {path: /etc/bench/\(number % 10)/\(number).conf, permissions: '0640', content: \"number = \(number)\\n\"}\n"
        }
        let accounts = (0..<users).map { number in
            """
              - name: member\(number)
                groups: [adm]
                shell: /bin/bash
                lock_passwd: false
                hashed_passwd: $6$rounds=5000$saltsalt$examplehash
                sudo: ALL=(ALL) NOPASSWD:ALL
                ssh_authorized_keys:
                  - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMLY8hW0Cg1gzyNpfHF6XZ1JYgEzSFmyYrwCNZtFn7Vm member\(number)

            """
        }
        return "#cloud-config\nhostname: bench\nwrite_files:\n" + writes.joined() + "users:\n" + accounts.joined()
            + "runcmd:\n  - echo done >/etc/bench/ran\n  - [touch, /etc/bench/a file]\n"
    }
}

/// What looking for files of configuration cost a boot.
enum BootScan {
    /// What both phases that look took.
    static func microseconds(_ report: JSONValue) throws -> Int64 { try phases(report).reduce(0, +) }

    /// Two phases look: what they plan besides is next to nothing.
    static func phases(_ report: JSONValue) throws -> [Int64] {
        let phases = (report["planning"]?.elements ?? []).filter {
            ["configuration", "handoff"].contains($0["phase"]?.text)
        }
        let times = phases.compactMap { $0["microseconds"]?.integer }
        guard times.count == 2 else {
            throw MachineError("measure the scan", "the report of the boot has no such phases")
        }
        return times
    }
}

private func milliseconds(_ microseconds: Int64) -> String { String(format: "%.1f ms", Double(microseconds) / 1000) }
