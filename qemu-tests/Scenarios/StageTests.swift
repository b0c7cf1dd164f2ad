import Foundation
import ImageModel
import JSONText
import Testing

@Suite("Files of configuration", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct StageTests {
    /// Says in one line which stage runs, in which root, and whether that is the root of the first process, too.
    private static func mark(_ stage: String) -> String {
        """
        echo \(stage) $(test -x /usr/bin/dpkg && echo image) $(test /proc/1/root/. -ef / && echo booted) >>/run/marks
        """
    }

    private static func file(_ stages: [String]) -> String {
        "stages:\n"
            + stages.map { "  \($0):\n    - if: '[ -f /run/cos/active_mode ]'\n      commands: ['\(mark($0))']\n" }
            .joined()
    }

    private static let user = """
        #cloud-config
        hostname: box-{{ trunc 4 .MachineID }}
        users:
          - name: joe
            passwd: secret
            groups: [newcomers]
            ssh_authorized_keys:
              - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMLY8hW0Cg1gzyNpfHF6XZ1JYgEzSFmyYrwCNZtFn7Vm joe
        write_files:
          - {path: /etc/hello, content: "{{ .Values.os.vendor }}", permissions: '0640', owner: 'joe:newcomers', defer: true}
        timezone: Test/East
        locale: de_DE.UTF-8
        keyboard: {layout: de, variant: nodeadkeys}
        stages:
          rootfs:
            - environment: {RW_PATHS: "/etc /var /root /tmp /home", PERSISTENT_STATE_PATHS: "/opt"}
              environment_file: /run/cos/cos-layout.env
          boot:
            - {once: true, commands: ['echo once >>/run/lifeboot/persistent/counted']}
        """

    private static let faults = """
        stages:
          boot:
            - commands: ['echo no use >&2; exit 3']
            - users: {ann: {groups: [nobodies-group]}}
            - {files: [{path: /etc/x, permsisions: 0644}]}
            - files: [{path: /etc/after-the-faults}]
        """

    @Test(
        """
        run in their stages, in the root that stays, in order; accounts and hostname are right at the very first boot, and \
        what is wrong costs one step and is said with its line
        """)
    func stages() async throws {
        let marked = Self.file(["pre-rootfs", "rootfs", "initramfs", "fs", "boot.before", "boot", "network"])
        try await withSystem(change: { disk in
            try await disk.setFile("/10_marks.yaml", on: "oem", to: Array(marked.utf8))
            try await disk.setFile("/20_user.yaml", on: "oem", to: Array(Self.user.utf8))
            try await disk.setFile("/30_syntax.yaml", on: "oem", to: Array("stages: [\n".utf8))
            try await disk.setFile("/40_faults.yaml", on: "oem", to: Array(Self.faults.utf8))
        }) { guest, _ in
            try await guest.waitForHealthy(role: .active)
            try await Self.waitForNetworkStage(guest)
            #expect(
                try await guest.output(of: "cat /run/marks").split(separator: "\n").map(String.init) == [
                    "pre-rootfs image", "rootfs image", "initramfs image", "fs image booted",
                    "boot.before image booted", "boot image booted", "network image booted",
                ])
            let name = try await guest.output(of: "printf box-; cut -c1-4 /etc/machine-id")
            #expect(try await guest.output(of: "hostname") == name)
            #expect(try await guest.output(of: "journalctl -b -o json -n 1 --output-fields=_HOSTNAME").contains(name))
            #expect(try await guest.output(of: "id -nG joe").contains("newcomers"))
            try await guest.output(of: "pwck -qr && grpck -r && test -s ~joe/.ssh/authorized_keys")
            #expect(
                try await guest.output(of: "stat -c '%a %U:%G' /etc/hello; cat /etc/hello")
                    == "640 joe:newcomers\ndebian")
            try await Self.expectPlace(guest)
            #expect(
                try await guest.output(of: "findmnt -no FSTYPE /opt; findmnt -n /srv || echo none") == "overlay\nnone")
            try await Self.expectFaults(guest)
            try await guest.output(of: "echo kept >/opt/kept; ls /etc/after-the-faults")
            try await guest.restart()
            try await guest.waitForHealthy(role: .active)
            #expect(try await guest.output(of: "hostname") == name)
            #expect(try await guest.output(of: "cat /opt/kept /run/lifeboot/persistent/counted") == "kept\nonce")
        }
    }

    /// Clock, language and keyboard, where programs of Debian and of systemd read them.
    private static func expectPlace(_ guest: Guest) async throws {
        #expect(try await guest.output(of: "date +%Z%z") == "EAST+0300")
        let files = "/etc/locale.conf /etc/default/locale /etc/default/keyboard /etc/vconsole.conf"
        let lines = try await guest.output(of: "grep -h . \(files)").split(separator: "\n")
        for line in ["LANG=\"de_DE.UTF-8\"", "XKBLAYOUT=\"de\"", "XKBVARIANT=\"nodeadkeys\"", "KEYMAP=\"de\""] {
            #expect(lines.contains { $0 == line }, "\(line): \(lines)")
        }
        #expect(lines.count { $0.hasPrefix("LANG=") } == 2)
    }

    static func waitForNetworkStage(_ guest: Guest) async throws {
        let wait = "for i in $(seq 90); do [ -f /run/lifeboot/stages/network.json ] && exit 0; sleep 1; done; exit 1"
        try await guest.output(of: "sh -c '\(wait)'", within: .seconds(120))
    }

    private static func expectFaults(_ guest: Guest) async throws {
        let problems = try await guest.status().problems
        for start in [
            "/oem/30_syntax.yaml:2: ", "/oem/40_faults.yaml:3: run-script echo no use >&2; exit 3: ",
            "/oem/40_faults.yaml:4: ensure-users ann: ", "/oem/40_faults.yaml:5: unknown key 'permsisions'",
        ] { #expect(problems.contains { $0.hasPrefix(start) }, "\(start): \(problems)") }
    }

    @Test("that name no stage cost the boot no process, and recovery runs them, too")
    func few() async throws {
        try await withSystem(change: { disk in
            try await disk.setFile(
                "/10.yaml", on: "oem", to: Array("stages: {mine: [{files: [{path: /run/mine}]}]}".utf8))
        }) { guest, _ in
            try await guest.waitForHealthy(role: .active)
            let steps = try await guest.json(of: "cat /run/lifeboot/boot.json")["steps"]?.elements ?? []
            #expect(!steps.isEmpty && !steps.contains { $0["step"]?.text == "run-stage" })
            #expect(
                try await guest.output(of: "lifeboot stage run mine; cat /run/mine; lifeboot config show").contains(
                    "mine (1)"))
        }
    }

    /// A disk of configuration, as clouds and virtual machines without one have it.
    enum DataDisk: String, CaseIterable {
        case cidata
        case drive = "config-2"

        static let userData = """
            #cloud-config
            hostname: from-data
            users: [{name: joe, passwd: secret}]
            write_files: [{path: /etc/from-data, content: yes, defer: true}]
            """

        var files: [String: String] {
            switch self {
            case .cidata:
                [
                    "user-data": Self.userData, "meta-data": "instance-id: i-1\nlocal-hostname: from-cloud\n",
                    "network-config": "version: 2\nethernets: {eth9: {dhcp4: true}}\n",
                ]
            case .drive:
                [
                    "openstack/latest/user_data": Self.userData,
                    "openstack/latest/meta_data.json": #"{"uuid": "i-2", "hostname": "from-cloud"}"#,
                ]
            }
        }

        func make(in scratch: String) async throws -> DiskImage {
            for (name, text) in files {
                let url = URL(fileURLWithPath: "\(scratch)/data/\(name)")
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try text.write(to: url, atomically: true, encoding: .utf8)
            }
            let path = "\(scratch)/data.iso"
            try await HostCommand.run(
                "xorriso", ["-as", "mkisofs", "-quiet", "-V", rawValue, "-r", "-o", path, "\(scratch)/data"])
            return DiskImage(raw: path)
        }
    }

    @Test(
        "of a disk of configuration run at once, with the stages that they missed",
        arguments: DataDisk.allCases.first(1))
    func dataDisk(_ kind: DataDisk) async throws {
        let system = try await InstalledSystem.build()
        let asking =
            "stages: {boot.before: [{datasource: {providers: [\(kind == .cidata ? "cidata" : "config-drive")]}}]}"
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch) { disk in
                try await disk.setFile("/00_data.yaml", on: "oem", to: Array(asking.utf8))
            }
            let data = try await kind.make(in: scratch)
            try await withGuest(GuestConfiguration(disks: [disk, data])) { guest in
                try await guest.waitForHealthy(role: .active)
                try await Self.waitForNetworkStage(guest)
                let done = try await guest.run("hostname; id -un joe; cat /etc/from-data").text
                let report = try await guest.run("cat /run/lifeboot/stages/boot.json").text
                #expect(done == "from-data\njoe\nyes", "\(report)")
                let modes = try await guest.output(
                    of: "cd /run/lifeboot/datasource && stat -c %a . && stat -c %a * | sort -u")
                #expect(modes == "700\n600")
                #expect(try await guest.status().problems == [])
                guard kind == .cidata else { return }
                #expect(try await guest.output(of: "cat /run/systemd/network/*.network").contains("Name=eth9"))
            }
        }
    }
}
