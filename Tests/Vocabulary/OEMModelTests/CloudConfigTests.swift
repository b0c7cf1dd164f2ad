import DocumentTree
import OEMModel
import Testing

@Suite("A #cloud-config")
struct CloudConfigTests {
    private static func parse(_ text: String) -> OEMFile { .parse(Array("#cloud-config\n\(text)".utf8)) }

    @Test("runs in the stages that its keys belong to, in cloud-init's order, before its own stages")
    func order() {
        let file = Self.parse(
            """
            runcmd: [a, [b, "c d"]]
            packages: [nano, [vim, "9"]]
            users: [{name: joe, ssh_authorized_keys: [ssh-ed25519 AAAA, "github:joe"]}]
            write_files:
              - {path: /now}
              - {path: /later, defer: true}
            bootcmd: [z]
            timezone: Europe/Prague
            hostname: box
            power_state: {mode: reboot, delay: +5}
            stages:
              boot: [{name: mine}]
            """)
        #expect(file.worst == nil || file.worst == .note, "\(file.remarks)")
        #expect(file.stages.map(\.stage) == ["initramfs", "boot", "network"])
        #expect(
            file.steps(of: "boot").map(\.name)
                == ["bootcmd", "write_files", "users", "ssh_authorized_keys", "timezone", "mine"])
        #expect(
            file.steps(of: "network").map(\.name)
                == ["ssh_authorized_keys", "packages", "write_files", "runcmd", "power_state"])
        #expect(file.steps(of: "network")[1].packages?.install == ["nano", "vim=9"])
        guard case .script("runcmd", let text, _)? = file.steps(of: "network")[3].cloud.first else {
            Issue.record("no script")
            return
        }
        #expect(text == "a\n'b' 'c d'\n")
    }

    @Test("writes files from an address where there is a network, before all else, and deferred ones in their place")
    func sources() {
        let file = Self.parse(
            """
            write_files:
              - {path: /a, source: {uri: "https://h/a", headers: {X-Key: v}}, content: x}
              - {path: /b, source: {uri: "https://h/b"}, defer: true}
              - {path: /c}
            packages: [nano]
            ssh_import_id: [gh:joe, ann]
            """)
        #expect(file.worst == nil)
        let network = file.steps(of: "network")
        #expect(file.steps(of: "boot").flatMap(\.files).map(\.path) == ["/c"])
        #expect(network.map(\.name) == ["write_files", "ssh_authorized_keys", "packages", "write_files"])
        #expect(network[0].files[0].source == "https://h/a")
        #expect(network[0].files[0].sourceHeaders.map(\.name) == ["X-Key"])
        #expect(network[1].authorizedKeys.map(\.keys) == [["gh:joe", "launchpad:ann"]])
        #expect(network[3].files.map(\.path) == ["/b"])
    }

    @Test(
        "reads every form of users that cloud-init takes",
        arguments: [
            ("users: [joe]", ["joe"]), ("users: joe,ann", ["joe", "ann"]), ("users: {joe: {shell: /bin/sh}}", ["joe"]),
            ("user: {name: ann}\nusers: [default, {name: joe}]", ["ann", "joe"]), ("users: [default]", []),
            ("user: ann\n", ["ann"]),
        ])
    func users(text: String, names: [String]) {
        let file = Self.parse(text)
        #expect((file.worst ?? .note) == .note, "\(file.remarks)")
        #expect(file.steps(of: "boot").flatMap(\.users).map(\.name) == names)
    }

    @Test("makes groups that do not exist, and tells the kinds of password apart")
    func passwords() {
        let users = Self.parse(
            """
            users:
              - {name: a, passwd: x, groups: "adm, sudo"}
              - {name: b, plain_text_passwd: $6$x}
              - {name: c, hashed_passwd: y, lock_passwd: false}
            """
        ).steps(of: "boot").flatMap(\.users)
        #expect(users.map(\.password) == [.either("x"), .plain("$6$x"), .hashed("y")])
        #expect(users.map(\.isLocked) == [nil, nil, false])
        #expect(users.map(\.makesGroups) == [true, true, true])
        #expect(users[0].groups == ["adm", "sudo"])
    }

    @Test("gives keys at the top to all its users, and to root when it has none")
    func sharedKeys() {
        let all = Self.parse("ssh_authorized_keys: [k]\nusers: [a, b]").steps(of: "boot").flatMap(\.authorizedKeys)
        #expect(all.map(\.user) == ["a", "b"] && all.map(\.keys) == [["k"], ["k"]])
        let root = Self.parse("ssh_authorized_keys: [k]").steps(of: "boot").flatMap(\.authorizedKeys)
        #expect(root.map(\.user) == ["root"])
    }

    @Test(
        "takes the first label of a full name for the hostname, unless the full one is preferred",
        arguments: [
            ("hostname: a\nfqdn: a.b.c", "a"), ("fqdn: x.b.c", "x"), ("hostname: a.b", "a"),
            ("fqdn: x.b.c\nprefer_fqdn_over_hostname: true", "x.b.c"),
            ("hostname: a-{{ trunc 4 .MachineID }}", "a-{{ trunc 4 .MachineID }}"),
        ])
    func hostname(text: String, name: String) {
        #expect(Self.parse(text).steps(of: "initramfs").first?.hostname?.value == name)
    }

    @Test("says that an installation by runcmd is done at every boot")
    func everyBoot() {
        let file = Self.parse("runcmd: [apt-get install -y nano]")
        #expect(file.remarks.map(\.level) == [.note])
        #expect(file.remarks.first?.reason.contains("once: true") == true)
    }

    @Test(
        "tells sshd in one file what it may",
        arguments: [
            ("ssh_pwauth: true", "PasswordAuthentication yes\n"), ("disable_root: true", "PermitRootLogin no\n"),
            ("ssh_pwauth: no\ndisable_root: false", "PasswordAuthentication no\nPermitRootLogin prohibit-password\n"),
            ("ssh_pwauth: unchanged", ""),
        ])
    func login(text: String, content: String) {
        let files = Self.parse(text).steps(of: "boot").flatMap(\.files)
        #expect(files.map { String(decoding: $0.content.bytes, as: UTF8.self) }.joined() == content)
    }

    @Test("says once what is wrong with an entry, also of a key that counts in two stages")
    func saidOnce() {
        let file = Self.parse("write_files: [{path: /a, contents: x}, {path: /b, defer: true}]")
        #expect(file.remarks.map(\.level) == [.step])
        #expect(file.stages.map(\.stage) == ["network"])
    }

    @Test("loses nothing by the forms that only cloud-init reads, and no stage by a mistake in another")
    func plainForms() {
        let file = Self.parse(
            """
            users: [default, {name: a, groups: "x, y"}]
            runcmd: [[ls, -l], echo b]
            write_files: [{path: /a, permissions: 0o600}]
            stages:
              boot: [{commands: text}, {name: kept}]
              network: [{name: mine}]
            """)
        #expect(
            file.remarks.filter { $0.level > .note }.map(\.description) == [
                "line 6, column 21: commands must be a list"
            ])
        #expect(file.steps(of: "boot").map(\.name) == ["write_files", "users", "kept"])
        #expect(file.steps(of: "boot").flatMap(\.users).map(\.groups) == [["x", "y"]])
        #expect(file.steps(of: "boot").flatMap(\.files).map { $0.mode?.bits } == [0o600])
        #expect(file.steps(of: "network").map(\.name) == ["runcmd", "mine"])
    }

    @Test("tells where a key stands, also where its value keeps no place")
    func places() {
        let file = Self.parse(
            """
            users: [default]
            packages: [a]
            mounts: [[/dev/a, /a]]
            swap: {filename: /s, size: 1M}
            growpart: {devices: [/dev/b1]}
            ntp: {servers: [a]}
            keyboard: {layout: cz}
            ssh_authorized_keys: [k]
            disable_root: true
            """)
        #expect(file.remarks.map(\.mark.line) == [2])
        let steps = file.stages.flatMap(\.steps).map { "\($0.name ?? ""):\($0.mark.line)" }
        #expect(
            Set(steps) == [
                "packages:3", "mounts:4", "swap:5", "growpart:6", "ntp:7", "keyboard:8", "ssh_authorized_keys:9",
                "ssh_pwauth:10",
            ])
    }
}
