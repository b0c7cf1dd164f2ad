import Foundation
import LinuxSystem
import OEMExecution
import OEMPlanning
import Plans
import SystemPackage
import Testing

@Suite("A stage that runs", .enabled(if: ThisProcess.isRoot))
struct StageRunnerTests {
    static let everything = """
        stages:
          boot:
            - name: all
              dns: {nameservers: [1.1.1.1], search: [a.b, .], options: [ndots:2]}
              ensure_entities:
                - entity: |
                    kind: group
                    group_name: extra
                    gid: 4000
              directories: [{path: /srv/a/b, permissions: 0750, owner: 5, group: 6}]
              files:
                - {path: /etc/secret, content: hidden, permissions: 0600}
                - {path: /etc/text, content: YWJj, encoding: b64, ownerstring: "joe:admin"}
                - {path: /etc/zipped, content: H4sIAAAAAAAAA0tMSgYAwkEkNQMAAAA=, encoding: gz+b64}
              hostname: box
              users:
                joe: {passwd: secret, groups: [admin], ssh_authorized_keys: [KEY]}
                ann: {uid: 4711, homedir: /srv/ann, shell: /bin/sh}
              timesyncd: {NTP: a.b}
              systemctl: {overrides: [{service: x, content: "[Service]"}, {service: y.timer, content: z, name: n}]}
              environment: {B: "2", A: "x $y"}
              environment_file: /run/cos/cos-layout.env
            - name: later
              if_files: {all: [/etc/secret]}
              if: '[ -f /etc/secret ] && grep -q hidden /etc/secret'
              files: [{path: /etc/after}]
            - name: never
              if: '[ -f /nowhere ]'
              files: [{path: /etc/never}]
        """
        .replacing("KEY", with: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMLY8hW0Cg1gzyNpfHF6XZ1JYgEzSFmyYrwCNZtFn7Vm me")

    @Test("makes all that its steps say, in the root and nowhere else, and changes nothing the second time")
    func everything() throws {
        let users = "name: first\nstages: {boot.before: [{users: {joe: {}}}]}"
        let root = try FixtureRoot(["/system/oem/1.yaml": users, "/oem/2.yaml": Self.everything])
        let report = try root.run("boot")
        #expect(report.problems == [])
        #expect(report.steps.map(\.outcome.words.word) == ["ran", "ran", "ran", "skipped"])
        #expect(try root.text("/etc/resolv.conf") == "search a.b\nnameserver 1.1.1.1\noptions ndots:2\n")
        #expect(try root.text("/etc/group").contains("extra:x:4000:"))
        #expect(try root.mode("/srv/a/b") == "750")
        #expect(try root.text("/etc/secret") == "hidden")
        #expect(try root.mode("/etc/secret") == "600")
        #expect(try root.text("/etc/text") == "abc" && root.text("/etc/zipped") == "abc")
        #expect(try root.mode("/etc/text") == "644")
        #expect(try root.text("/etc/hostname") == "box\n")
        #expect(try root.text("/etc/passwd").contains("ann:x:4711:"))
        #expect(try root.text("/etc/group").contains("admin:x:110:joe"))
        #expect(try root.mode("/home/joe" + "/.ssh/authorized_keys") == "600")
        #expect(try root.text("/etc/systemd/timesyncd.conf.d/10-lifeboot.conf") == "[Time]\nNTP=a.b\n")
        #expect(try root.text("/etc/systemd/system/x.service.d/override-lifeboot.conf") == "[Service]")
        #expect(try root.text("/etc/systemd/system/y.timer.d/n.conf") == "z")
        #expect(try root.text("/run/cos/cos-layout.env") == "A=\"x \\$y\"\nB=2\n")
        #expect(try root.text("/etc/after").isEmpty)
        let again = try root.run("boot")
        #expect(again.problems == [])
        #expect(again.steps.flatMap(\.actions).filter { $0.isChanged != false }.map(\.report.step) == [])
    }

    @Test("goes on behind an action that fails, and says where it stands")
    func failures() throws {
        let text = """
            stages:
              boot:
                - files:
                    - {path: /etc/a, ownerstring: nobody-of-that-name}
                    - {path: /etc/b}
                - users: {joe: {groups: [admin, wheel]}}
                - files: [{path: /etc/c}]
            """
        let root = try FixtureRoot(["/oem/90.yaml": text])
        let report = try root.run("boot")
        #expect(report.problems.count == 2)
        #expect(report.problems[0].hasPrefix("/oem/90.yaml:4: write-file /etc/a: writing /etc/a: there is no user"))
        #expect(report.problems[1].hasPrefix("/oem/90.yaml:6: ensure-users joe: "))
        #expect(report.problems[1].contains("wheel"))
        #expect(try root.text("/etc/b").isEmpty && root.text("/etc/c").isEmpty)
        #expect(try root.text("/etc/group").contains("admin:x:110:joe"))
    }

    @Test("runs no command outside of the running system, and says so")
    func commands() throws {
        let root = try FixtureRoot(["/oem/1.yaml": "stages: {boot: [{commands: ['touch /x']}]}"])
        #expect(
            try root.run("boot").problems == [
                "/oem/1.yaml:1: run-script touch /x: running commands: that can only be done to the running system. "
                    + "Run the stage there."
            ])
    }

    @Test(
        "asks no shell for a condition outside of the running system, and none that may not be asked",
        arguments: ["[ -f $HOME ]", "true | false", "[[ a = a ]]"])
    func conditions(text: String) throws {
        let root = try FixtureRoot(["/oem/1.yaml": "stages: {boot: [{if: '\(text)', files: [{path: /etc/x}]}]}"])
        #expect(try root.run("boot").steps[0].outcome.words.word == "refused")
        #expect(try !root.run("boot").problems.isEmpty)
    }

    @Test("writes through no link: one under the name is replaced, one above it stays in the root")
    func links() throws {
        let files = "[{path: /etc/link, content: new}, {path: /etc/out/passwd, content: new}]"
        let root = try FixtureRoot(["/oem/1.yaml": "stages: {boot: [{files: \(files)}]}", "/etc/target": "old"])
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: "\(root.path)/etc/link", withDestinationPath: "/etc/target")
        try manager.createSymbolicLink(atPath: "\(root.path)/etc/out", withDestinationPath: "../../../../tmp")
        try manager.createDirectory(atPath: "\(root.path)/tmp", withIntermediateDirectories: true)
        #expect(try root.run("boot").problems == [])
        #expect(try root.text("/etc/target") == "old" && root.text("/etc/link") == "new")
        #expect(try root.text("/tmp/passwd") == "new")
        #expect(!manager.fileExists(atPath: "/tmp/passwd"))
    }

    @Test("keeps mode and owner of a folder that is there, when nothing is said of them")
    func folders() throws {
        let root = try FixtureRoot(["/oem/1.yaml": "stages: {boot: [{directories: [{path: /var/x}, {path: /var/y}]}]}"])
        try FileManager.default.createDirectory(
            atPath: "\(root.path)/var/x", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        #expect(try root.run("boot").problems == [])
        #expect(try root.mode("/var/x") == "700" && root.mode("/var/y") == "755")
    }

    @Test("remembers a step that runs once where there is a persistent partition, and says when there is none")
    func once() throws {
        let text = "stages: {boot: [{once: true, files: [{path: /etc/once}]}]}"
        let root = try FixtureRoot(["/oem/1.yaml": text, "/run/lifeboot/persistent/x": ""])
        #expect(try root.run("boot").steps.map(\.outcome) == [.ran])
        #expect(try root.run("boot").steps.map(\.outcome) == [.skipped("it has run already")])
        let other = try FixtureRoot(["/oem/1.yaml": text])
        #expect(try other.run("boot").steps[0].notes.first?.hasPrefix("it will run again") == true)
    }
}
