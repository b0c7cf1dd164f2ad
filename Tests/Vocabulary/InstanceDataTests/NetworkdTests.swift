import Foundation
import LinuxSystem
import Testing

@testable import InstanceData

private let networkd = "/lib/systemd/systemd-networkd"

/// Whether the program is there, and may have a network of its own.
private let canRun =
    FileManager.default.isExecutableFile(atPath: networkd)
    && (try? ChildProcess.run("unshare", ["-mn", "true"], timeout: .seconds(5)).succeeded) == true

/// Whether udev's program is there, too, which reads `.link` files.
private let hasUdev = ["/bin/udevadm", "/usr/bin/udevadm"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
}

/// Lets systemd's own programs read what became of the samples, in a network and a file system of their own.
@Suite("Network configuration against systemd-networkd", .enabled(if: canRun))
struct NetworkdTests {
    /// What the programs say about files of a folder of settings.
    static func complaints(_ files: [NetworkConfiguration.File]) throws -> [String] {
        let folder = URL(filePath: "/tmp/networkd-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for file in files { try Data(file.text.utf8).write(to: folder.appending(path: file.name)) }
        let script = """
            mount -t tmpfs none /run; mkdir -p /run/systemd; ln -s '\(folder.path)' /run/systemd/network
            export SYSTEMD_LOG_LEVEL=info SYSTEMD_LOG_TARGET=console
            timeout 1 \(networkd) 2>&1 || true
            command -v udevadm >/dev/null && udevadm test-builtin net_setup_link /sys/class/net/lo 2>&1
            """
        let outcome = try ChildProcess.run(
            "unshare", ["-mn", "sh", "-c", script], output: .capture(atMost: 1 << 20), timeout: .seconds(20))
        let lines = String(decoding: outcome.standardOutput, as: UTF8.self).split(separator: "\n").map(String.init)
        return lines.filter { $0.contains("10-lifeboot-") }
    }

    @Test("no line of any sample is one that they do not take", .timeLimit(.minutes(10)), arguments: NetworkSamples.all)
    func accepted(sample: NetworkSamples.Sample) throws {
        let complaints = try Self.complaints(NetworkConfigurationTests.read(sample.text).files)
        #expect(complaints.isEmpty, "\(complaints)")
    }

    @Test("they do say it when a line is wrong", .timeLimit(.minutes(10)))
    func control() throws {
        let files = [
            NetworkConfiguration.File(name: "10-lifeboot-a.network", text: "[Match]\nName=a\n[Network]\nOdd=1\n"),
            NetworkConfiguration.File(
                name: "10-lifeboot-b.netdev", text: "[NetDev]\nName=b\nKind=bond\n[Bond]\nMode=odd\n"),
            NetworkConfiguration.File(name: "10-lifeboot-c.link", text: "[Match]\nOriginalName=c\n[Link]\nOdd=1\n"),
        ]
        let complaints = try Self.complaints(files)
        for name in ["a.network", "b.netdev"] + (hasUdev ? ["c.link"] : []) {
            #expect(complaints.contains { $0.contains(name) })
        }
    }
}
