import Foundation
import LinuxSystem
import SystemPackage
import Testing

@testable import CommandOutput

/// Runs the programs as they were built beside the tests.
@Suite("Standard streams of the programs")
struct StandardStreamsTests {
    static let plan =
        "lifeboot plan --command-line 'lifeboot.role=active lifeboot.image=aaaaaaaaaaaaaaaa lifeboot.boot=PARTUUID=1'"
    /// Results of all kinds that need no machine, no network and no root; `$D` is a folder of the test's own.
    static let commands = [
        plan, "\(plan) --json", "lifeboot selftest",
        "lifeboot --help", "lifeboot --version", "lifeboot upgrade --help",
        "lifeboot --generate-completion-script bash", "boatyard --help", "boatyard key generate -o $D",
        "boatyard channel create --name stable -o $D/channel.json",
    ]

    /// Runs a line of bash in which the programs can be called by their names; returns its status and what it printed.
    private func run(_ line: String) throws -> (status: Int32, text: String) {
        let tests = FilePath(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let programs = tests.removingLastComponent()
        let script = "PATH=\(programs):$PATH; D=$(mktemp -d); trap 'rm -rf $D' EXIT; \(line)"
        let outcome = try ChildProcess.run(
            "bash", ["-c", script], output: .capture(atMost: 1 << 20), errors: .capture(atMost: 1 << 20),
            timeout: .seconds(60))
        guard case .exited(let status) = outcome.termination else { return (-1, "\(outcome.termination)") }
        return (status, String(decoding: outcome.standardOutput + outcome.standardError, as: UTF8.self))
    }

    @Test("each command succeeds when its result arrives", arguments: commands)
    func whole(command: String) throws {
        let (status, text) = try run(command)
        #expect(status == 0 && !text.isEmpty, "\(text)")
    }

    @Test("a full disk is a failure with a reason", arguments: commands)
    func full(command: String) throws {
        let (status, text) = try run("\(command) >/dev/full")
        #expect(status == 2 && text.contains("writing to standard output: No space left on device"), "\(text)")
    }

    @Test("a pipe that nobody reads is a failure with a reason", arguments: commands)
    func pipe(command: String) throws {
        // The command begins when the other side has closed the pipe.
        let (status, text) = try run(
            """
            mkfifo $D/closed
            { read -r _ <$D/closed; \(command); echo $? >$D/status; } | { exec <&-; echo now >$D/closed; }
            exit $(<$D/status)
            """)
        #expect(status == 2 && text.contains("writing to standard output: Broken pipe"), "\(text)")
    }

    @Test("a standard output that is closed is a failure", arguments: commands)
    func closed(command: String) throws {
        let (status, text) = try run("\(command) >&-")
        #expect(status == 2 && text.contains("writing to standard output: Bad file descriptor"), "\(text)")
    }

    @Test("the number of a stream that is closed is taken before any file can get it", arguments: 0...2)
    func taken(number: Int) throws {
        // The layout is what the stream leads to: nothing, but there.
        let (status, text) = try run("\(Self.plan) --layout /proc/self/fd/\(number) \(number)>&-")
        #expect(status == (number == 1 ? 2 : 0) && !text.contains("No such file"), "\(text)")
    }

    @Test("nobody needs to read standard error", arguments: ["2>/dev/full", "2>&-", "0<&- 2>&-"])
    func remarks(redirection: String) throws {
        #expect(try run("\(Self.plan) \(redirection)").status == 0)
        #expect(try run("lifeboot nothing \(redirection)").status == 64)
        #expect(try run("lifeboot image pull dir:$D/none $D/image \(redirection)").status != 0)
    }

    /// Makes a key pair and a root filesystem in the folder.
    static let root = """
        cd $D; mkdir -p root/boot root/sbin root/etc trusted; cp /bin/true root/sbin/init
        printf 'ID=test\\nVERSION_ID=7\\n' >root/etc/os-release
        printf kernel >root/boot/vmlinuz-6.1; printf initrd >root/boot/initrd.img-6.1
        mkdir -p root/usr/lib/modules/6.1 root/usr/lib/lifeboot; printf agent >root/usr/lib/lifeboot/lifeboot-init
        boatyard key generate -o keys >/dev/null; cp keys/lifeboot.pub trusted/a.pem
        """
    static let build = "boatyard image build --rootfs root --key keys/lifeboot.key -o image --allow-foreign-keys"
    static let pull = "lifeboot image pull dir:image pulled --keys trusted --json"

    @Test(
        "what was asked for is done all the same, to its end, and no event lands in a file of the image",
        arguments: [">/dev/full", ">&-"])
    func done(redirection: String) throws {
        let (status, text) = try run(
            """
            \(Self.root)
            \(Self.build) \(redirection); echo built $?
            boatyard image verify --key keys/lifeboot.pub image >/dev/null; echo verified $?
            \(Self.pull) \(redirection); echo pulled $?
            boatyard image verify --key keys/lifeboot.pub pulled >/dev/null; echo verified $?
            """)
        let words = text.split(separator: "\n").filter { $0.contains(/^[a-z]+ [0-9]+$/) }
        #expect(status == 0 && words == ["built 2", "verified 0", "pulled 2", "verified 0"], "\(text)")
    }

    @Test("events tell what is done, a dry run is one plan and does nothing, and an error is the last event")
    func events() throws {
        let (status, text) = try run(
            """
            exec 2>/dev/null; set -e; \(Self.root); \(Self.build) >/dev/null
            \(Self.pull) --dry-run; ls -A | grep -c pulled || \(Self.pull) | tail -n 1
            \(Self.pull) --dry-run; echo >>pulled/vmlinuz; \(Self.pull) --dry-run || exit $?
            """)
        let lines = text.split(separator: "\n")
        #expect(status == 2 && lines.count == 5, "\(text)")
        let expected = [
            "{\"event\":\"plan\",\"operation\":\"image pull\",\"changed\":true,", "0",
            "{\"event\":\"end\",\"operation\":\"image pull\",\"changed\":true,",
            "{\"event\":\"plan\",\"operation\":\"image pull\",\"changed\":false,",
            "{\"event\":\"error\",\"kind\":\"impossible\",",
        ]
        for (line, begin) in zip(lines, expected) { #expect(line.hasPrefix(begin), "\(text)") }
    }
}
