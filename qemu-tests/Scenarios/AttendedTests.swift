import Foundation
import GrubEnvironment
import ImageModel
import JSONText
import Testing

/// What somebody does who stands in front of a machine.
@Suite("Somebody in front of a machine in recovery", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct AttendedTests {
    private static let limit = Duration.seconds(90)

    @Test(
        "sees what a stick carries and what is wrong with another, puts a file on it, and gives the machine an address")
    func byHand() async throws {
        let system = try await InstalledSystem.build()
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch) { disk in
                try await disk.changeBootEnvironment { ($0.next, $0.activeState) = (.recovery, .good) }
            }
            let (stick, id) = try await Self.stick(with: system.image(1), in: scratch)
            let damaged = try DiskImage(empty: "\(scratch)/damaged.raw", size: 32 << 20)
            var configuration = GuestConfiguration(disks: [disk, stick, damaged])
            (configuration.hasNetwork, configuration.serials) = (true, ["system", "stick", "damaged"])
            try await withGuest(configuration) { guest in
                try await guest.waitForBoot(role: .recovery)
                try await Self.expectMedia(guest, id)
                try await Self.expectNetwork(guest)
            }
        }
    }

    /// A stick of FAT with an image, as somebody copies it.
    static func stick(with image: String, in scratch: String) async throws -> (DiskImage, String) {
        let path = "\(scratch)/stick.img"
        let id = try await HostCommand.run("sha256sum", ["\(image)/manifest.json"]).prefix(16).description
        try await HostCommand.run("truncate", ["-s", "256M", path])
        try await HostCommand.run("mkfs.vfat", ["-F", "32", "-n", "HARBOUR", path])
        try await HostCommand.run("mmd", ["-i", path, "::images"])
        try await HostCommand.run("mcopy", ["-s", "-i", path, image, "::images/\(id)"], within: .seconds(60))
        return (DiskImage(raw: path), id)
    }

    private static func node(_ serial: String, _ guest: Guest) async throws -> String {
        try await guest.output(
            of: "for d in /sys/block/vd*; do grep -qx \(serial) $d/serial && echo /dev/${d##*/}; done; :")
    }

    private static func expectMedia(_ guest: Guest, _ id: String) async throws {
        let (stick, damaged) = (try await node("stick", guest), try await node("damaged", guest))
        let source = "dir:/run/lifeboot/media/\(stick.dropFirst("/dev/".count))/images/\(id)"
        let media = try await guest.json(of: "lifeboot media --json", within: limit)["media"]?.elements ?? []
        #expect(Set(media.compactMap { $0["device"]?.text }) == [stick, damaged], "\(media)")
        let found = media.first { $0["device"]?.text == stick }
        #expect(found?["label"]?.text == "HARBOUR" && found?["problem"] == .null)
        let listed = found?["sources"]?.elements?.first
        #expect(listed?["source"]?.text == source && listed?["title"]?.text == "test 1", "\(media)")
        #expect(listed?["trusted"] == .bool(true) && listed?["problem"] == .null, "\(media)")
        let line = media.first { $0["device"]?.text == damaged }
        #expect(line?["problem"]?.text?.contains("no filesystem") == true)
        let plan = try await guest.run("lifeboot upgrade --dry-run --allow-downgrade \(source)", within: limit)
        #expect(plan.status == 0 && plan.text.contains("test 1"), "\(plan.text)")

        let copy = try await guest.run("lifeboot media copy /etc/os-release \(stick)", within: limit)
        #expect(copy.status == 0 && copy.text.contains("can be taken out"), "\(copy.text)")
        #expect(try await guest.run("findmnt \(stick)").status != 0)
        let copied = "/run/lifeboot/media/\(stick.dropFirst("/dev/".count))/os-release"
        try await guest.output(of: "lifeboot media && cmp /etc/os-release \(copied)", within: limit)
        let own = try await guest.run(
            "lifeboot media copy /etc/os-release $(findmnt -no SOURCE /run/lifeboot/recovery)")
        #expect(own.status == 29 && own.text.contains("this machine's own disk"), "\(own.text)")
        #expect(try await guest.output(of: "lifeboot media --release") == "Unmounted: \(stick).")
    }

    private static func expectNetwork(_ guest: Guest) async throws {
        try await guest.waitForNetwork()
        let card = try await guest.output(of: "basename /sys/class/net/e*")
        let set = try await guest.run(
            "lifeboot network set \(card) 10.0.2.20/24 --gateway 10.0.2.2 --dns 10.0.2.3", within: limit)
        #expect(set.status == 0 && !set.text.contains("warning"), "\(set.text)")
        #expect(try await addresses(of: card, guest) == ["10.0.2.20/24"])
        #expect(try await guest.run("busybox ping -c 1 -W 20 10.0.2.2", within: limit).status == 0)
        #expect(try await guest.output(of: "cat /etc/resolv.conf").contains("nameserver 10.0.2.3"))
        // Who manages interfaces comes to the same.
        let wait = "/lib/systemd/systemd-networkd-wait-online --interface=\(card) --timeout=60"
        try await guest.output(of: "systemctl restart systemd-networkd && \(wait)", within: limit)
        #expect(try await addresses(of: card, guest) == ["10.0.2.20/24"])
        let wrong = try await guest.run("lifeboot network set eth9 10.0.2.21/24")
        #expect(wrong.status == 25 && wrong.text.contains("Name one of those that there are: \(card)"), "\(wrong.text)")

        let lease = try await guest.run("lifeboot network dhcp \(card)", within: limit)
        #expect(lease.status == 0 && lease.text.contains("has the address 10.0.2.15/24"), "\(lease.text)")
        #expect(try await guest.run("busybox ping -c 1 -W 20 10.0.2.2", within: limit).status == 0)
    }

    /// The addresses of IPv4.
    private static func addresses(of card: String, _ guest: Guest) async throws -> [String] {
        let network = try await guest.json(of: "lifeboot network --json")
        #expect(network["defaultRoute"] == .bool(true))
        let interface = network["interfaces"]?.elements?.first { $0["name"]?.text == card }
        let addresses = (interface?["addresses"]?.elements ?? []).compactMap { $0["address"]?.text }
        return addresses.filter { !$0.contains(":") }
    }
}
