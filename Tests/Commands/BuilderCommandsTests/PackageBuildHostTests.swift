import Foundation
import JSONText
import LinuxSystem
import SystemPackage
import Testing

/// Runs the real program as others do, and ends it as others do.
@Suite("boatyard package build on a machine", .enabled(if: ThisProcess.isRoot), .timeLimit(.minutes(15)))
struct PackageBuildHostTests {
    /// Words that run others with another list of users and of subordinate ids, as one of them; the machine's own are not
    /// touched.
    static func asUser(_ layer: BuiltLayer, ranges: String) throws -> [String] {
        try layer.run(
            """
            mkdir etc home; cp \(BuiltLayer.program) home/boatyard
            { cat /etc/passwd; echo 'captain:x:4321:4321::'$PWD'/home:/bin/sh'; } >etc/passwd
            { cat /etc/group; echo 'captain:x:4321:'; } >etc/group
            printf '\(ranges)' >etc/subuid; cp etc/subuid etc/subgid
            chown -R 4321:4321 layer home $(test -d cache && echo cache); chmod 755 . etc
            cat >as-user <<'END'
            for file in passwd group subuid subgid; do mount --bind "$1/etc/$file" "/etc/$file"; done
            cd "$1"; export HOME="$1/home"; program=$1/home/boatyard; shift 2
            exec setpriv --reuid 4321 --regid 4321 --clear-groups --inh-caps=-all "$program" "$@"
            END
            """)
        return ["unshare", "--mount", "sh", "-e", "\(layer.folder)/as-user", layer.folder.string]
    }

    @Test("makes the same bytes as root and as a user, with overlays and copies, in other folders, under another umask")
    func bytes() throws {
        let artefacts = try BuiltLayer.cold.get().layer.artefacts()
        // With a layer of accounts, and one of what two packages share.
        #expect(artefacts.count == 10)
        let copies = try BuiltLayer.copy(withCache: false)
        let vfs = try copies.boatyard(
            ["package", "build", "--storage", "vfs", "-j", "3"], after: ["sh", "-c", "umask 077; exec \"$@\"", "sh"])
        #expect(vfs.status == 0, "\(vfs.errors)")
        #expect(try copies.artefacts() == artefacts)
        #expect(try copies.run("ls -d cache/store-*") == "cache/store-vfs\n")
        // A container that was kept is looked for where this build has kept it.
        let created = try copies.boatyard(["repository", "create", "--output", "\(copies.folder)/layout"])
        #expect(created.status == 0, "\(created.errors)")
        let user = try BuiltLayer.copy(withCache: false)
        try user.run("mkdir cache")
        let other = try user.boatyard(
            ["package", "build", "-j", "3"],
            after: Self.asUser(user, ranges: "captain:200000:65536\\n"))
        #expect(other.status == 0, "\(other.errors)")
        #expect(try user.artefacts() == artefacts)
        let warm = try user.boatyard(["package", "build"])
        #expect(warm.packages("cached").count == 7)
    }

    @Test("tells a user without subordinate ids what to do, before anything starts")
    func noRange() throws {
        let layer = try BuiltLayer.copy(withCache: false)
        try layer.run("mkdir cache")
        let outcome = try layer.boatyard(
            ["package", "build"], after: Self.asUser(layer, ranges: "other:200000:65536\\n"))
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("captain has no range of subordinate ids"), "\(outcome.errors)")
        #expect(outcome.errors.contains("usermod --add-subuids"))
        #expect(outcome.packages("started") == [])
        #expect(try layer.run("ls cache | grep store || true; ls cache/logs") == "")
    }

    /// A layer whose last package sleeps for long, and says that it does.
    private static func sleeping() throws -> BuiltLayer {
        let layer = try BuiltLayer.copy()
        try layer.add(
            "sleeps",
            "build:\n  from: {packages: [system/base]}\n  network: true\n  steps: [\"mkdir /srv; echo here; exec sleep 7123\"]"
        )
        return layer
    }

    /// Waits until a script succeeds.
    private static func wait(_ layer: BuiltLayer, for script: String) throws {
        let loop = "for n in $(seq 600); do if \(script); then exit 0; fi; sleep 0.05; done; echo no; exit 1"
        try layer.run(loop)
    }

    private static func processes(_ layer: BuiltLayer) -> String {
        "ps -eo args | grep -F \(layer.folder) | grep -v grep"
    }

    @Test(
        "leaves no process, no mount and no half output when it is killed or interrupted",
        arguments: ["KILL", "INT", "TERM"])
    func killed(signal: String) throws {
        let layer = try Self.sleeping()
        let before = try layer.artefacts()
        let words = try layer.words(["package", "build"])
        // A terminal's Ctrl-C goes to all of the group in front.
        let script = """
            setsid env --default-signal=INT "$@" >out 2>err & echo $! >pid
            for n in $(seq 600); do grep -q here cache/logs/app_sleeps.log 2>/dev/null && break; sleep 0.05; done
            grep -q here cache/logs/app_sleeps.log
            pid=$(cat pid); \(signal == "INT" ? "env kill -INT -- -$pid" : "kill -\(signal) $pid"); wait $pid || true
            """
        _ = try ChildProcess.run(
            "sh", ["-ec", script, "sh"] + words, environment: BuiltLayer.environment(), directory: layer.folder,
            timeout: .seconds(120)
        ).requireSuccess()
        if signal != "KILL" {
            // What was stopped is said, also to programs.
            let said = try layer.run("tail -n 1 out; tail -n 1 err")
            #expect(
                said.components(separatedBy: "building app/sleeps 1.0: SIG\(signal) asked to stop.").count == 3,
                "\(said)")
            #expect(said.contains("\"event\":\"error\"") && said.contains("nothing half done is left"), "\(said)")
        }
        try Self.wait(layer, for: "! \(Self.processes(layer)) >/dev/null && ! pgrep -f 'sleep 712[3]' >/dev/null")
        #expect(try layer.run("grep -F \(layer.folder) /proc/mounts || true") == "")
        #expect(try layer.artefacts() == before)
        try layer.edit("packages/sleeps/package.yaml", "exec sleep 7123", "echo up")
        let next = try layer.boatyard(["package", "build"])
        #expect(next.packages("built") == ["app/sleeps"], "\(next.errors)")
        #expect(try layer.run(PackageBuildInteropTests.leftovers) == "")
        let containers = try layer.run(
            "buildah --root cache/store-overlay/root --runroot cache/store-overlay/run --storage-driver overlay containers -q"
        )
        #expect(containers == "")
    }

    @Test("is refused in words while another one builds with the same cache")
    func second() throws {
        let layer = try Self.sleeping()
        let words = try layer.words(["package", "build"])
        let first = try ChildProcess.spawn(
            "setpriv", ["--pdeathsig", "KILL", "--"] + words, environment: BuiltLayer.environment())
        try Self.wait(layer, for: "grep -q here cache/logs/app_sleeps.log 2>/dev/null")
        let second = try layer.boatyard(["package", "build", "--rebuild", "app/top"])
        #expect(second.status == 2 && second.errors.contains("another boatyard builds with it"), "\(second.errors)")
        // What needs no build needs no lock.
        #expect(try layer.boatyard(["package", "build", "app/top"]).status == 0)
        // Its end kills it.
        _ = consume first
        try Self.wait(layer, for: "! \(Self.processes(layer)) >/dev/null")
    }
}
