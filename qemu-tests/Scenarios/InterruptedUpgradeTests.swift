import Foundation
import ImageModel
import Testing

@Suite("An upgrade whose registry dies", .enabled(if: wantsEnduranceTests), .timeLimit(.minutes(60)))
struct InterruptedUpgradeTests {
    /// Bytes of the new image that no local image has, at least.
    private static let novelty = 48 << 20

    @Test("goes on after a restart of the machine, and fetches at most 1 MiB again")
    func resumed() async throws {
        let missing = try await withScratchDirectory { directory in
            let image = try await Self.newImage(in: directory)
            let missing = try await Self.missingBytes(of: image)
            try await withRegistry(
                offering: [],
                prepare: { registry, system, _ in
                    try await registry.publish(image, as: "os:6", signedIn: system)
                }
            ) { guest, registry in try await Self.interrupt(guest, registry, missing: missing) }
            return missing
        }
        #expect(missing > Self.novelty)
    }

    private static func interrupt(_ guest: Guest, _ registry: TestRegistry, missing: Int) async throws {
        try await guest.waitForHealthy(role: .active)
        try await guest.waitForNetwork()
        let before = try await received(by: guest)
        let source = registry.source("os:6")
        try await guest.output(
            of: """
                lifeboot upgrade --json --only active \(source) >/run/first 2>&1 & echo $! >/run/first.pid
                for ((i = 0; i < 3000; i++)); do
                    done=$(sed -n 's/.*"fetching root[^}]*"done":\\([0-9]*\\).*/\\1/p' /run/first | tail -n 1)
                    [ "${done:-0}" -lt 8000000 ] || exit 0
                    sleep 0.02
                done
                cat /run/first; exit 1
                """, within: .seconds(120))
        try await registry.kill()
        let end = try await guest.run(
            "tail --pid=$(cat /run/first.pid) -f /dev/null; cat /run/first", within: .seconds(240))
        #expect(end.text.contains("fetching root") && !end.text.contains("\"event\":\"end\""))
        let first = try await received(by: guest) - before
        #expect(first > 1 << 20 && first < missing, "\(first) of \(missing) bytes")
        #expect(try await guest.roles() == "active=test 2 good, passive=test 1 good, recovery=test 1")

        try await guest.restartHealthy(role: .active)
        try await registry.start()
        let run = try await guest.upgrade("--only active \(source)")
        let again = first + Int(run.bytes) - missing
        #expect(again <= 1 << 20, "\(again) bytes came twice: \(first), \(run.bytes) of \(missing)")
        let served = await registry.bytesServed
        #expect(abs(served - Int(run.bytes)) < 65_536, "the registry says \(served), the machine \(run.bytes)")
        #expect(try await guest.roles() == "active=test 6 trial, passive=test 2 good, recovery=test 1")
        print("interrupted: \(first) + \(run.bytes) bytes for \(missing), \(again) of them again")
        try await guest.restartHealthy(role: .active)
        #expect(try await guest.runningTitle() == "test 6")
    }

    /// The tree of the releases with a file that compresses to nothing.
    private static func newImage(in directory: String) async throws -> String {
        let system = try await InstalledSystem.build()
        let script = """
            set -e
            cd "$1"
            mkdir -p usr/lib
            head -c "$4" /dev/urandom >usr/lib/novelty
            cp "$2/tree.tar" .
            tar -rf tree.tar --owner=0 --group=0 usr/lib/novelty
            "$3" image build --rootfs tree.tar --key "$2/keys/lifeboot.key" --name test --version 6 --sequence 6 \\
                --compression-level 3 --kernel-argument console=tty0 --kernel-argument console=ttyS0 \\
                --kernel-argument systemd.show_status=false -o image
            """
        try await HostCommand.run(
            "sh", ["-c", script, "sh", directory, system.directory, InstalledSystem.boatyard, String(novelty)],
            within: .seconds(300))
        return "\(directory)/image"
    }

    /// Bytes of the root file's chunks that neither release on the disk has.
    private static func missingBytes(of image: String) async throws -> Int {
        let system = try await InstalledSystem.build()
        let chunks = { (directory: String) throws -> [ChunkIndex.Chunk] in
            let bytes = FileManager.default.contents(atPath: "\(directory)/root.chunks") ?? Data()
            return try ChunkIndex(parsing: Array(bytes)).chunks
        }
        let present = Set(try (chunks(system.image(1)) + chunks(system.image(2))).map(\.digest))
        let missing = try chunks(image).filter { !present.contains($0.digest) }
        return Dictionary(missing.map { ($0.digest, $0.length) }) { one, _ in one }.values.reduce(0, +)
    }

    /// Bytes that the guest's card received, without what Ethernet, IP and TCP add to each packet.
    private static func received(by guest: Guest) async throws -> Int {
        let text = try await guest.output(
            of: "cat /sys/class/net/e*/statistics/rx_bytes /sys/class/net/e*/statistics/rx_packets")
        let numbers = text.split(separator: "\n").compactMap { Int($0) }
        guard numbers.count == 2 else { throw MachineError("count what was received", text) }
        return numbers[0] - 54 * numbers[1]
    }
}

extension TestRegistry {
    /// Bytes that it has sent since it was started, by its access log.
    var bytesServed: Int {
        log.matches(of: #/"GET [^"]*" 20[06] ([0-9]+) /#).compactMap { Int($0.1) }.reduce(0, +)
    }
}
