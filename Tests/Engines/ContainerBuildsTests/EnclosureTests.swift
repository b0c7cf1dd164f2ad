import LinuxSystem
import SystemPackage
import Testing

@testable import ContainerBuilds

@Suite("What keeps builds apart")
struct EnclosureTests {
    private static func enclosure(isRoot: Bool) -> Enclosure {
        Enclosure(isRoot: isRoot, store: BuildStore(in: "/cache", .vfs))
    }

    @Test("is a namespace that ends with boatyard, inside one of the user's where it is not root's")
    func command() {
        let root = Self.enclosure(isRoot: true).command(["true", "a b"])
        #expect(root.prefix(5) == ["setpriv", "--pdeathsig", "KILL", "--", "unshare"])
        #expect(root.suffix(4) == ["env", "BOATYARD_ENCLOSED=vfs", "true", "a b"])
        let user = Self.enclosure(isRoot: false).command(["true", "a b"])
        #expect(
            user.prefix(11) == [
                "setpriv", "--pdeathsig", "KILL", "--", "buildah", "--root", "/cache/store-vfs/root", "--runroot",
                "/cache/store-vfs/run", "--storage-driver", "vfs",
            ])
        #expect(user.suffix(root.count) == root[...])
    }

    @Test(
        "shows no mount and no process to others, and gives the status of what ran in it",
        .enabled(if: ThisProcess.isRoot))
    func apart() throws {
        let script = """
            test "$(readlink /proc/self)" != "$PPID" && test $$ -lt 100 && test "$BOATYARD_ENCLOSED" = vfs
            mount -t tmpfs boatyard-test /mnt && exit 7
            """
        let words = Self.enclosure(isRoot: true).command(["sh", "-c", script])
        let outcome = try ChildProcess.run(words[0], Array(words.dropFirst()), timeout: .seconds(60))
        #expect(outcome.termination == .exited(7))
        let mounts = try FileBytes.read("/proc/self/mounts", limit: 1 << 20)
        #expect(!String(decoding: mounts, as: UTF8.self).contains("boatyard-test"))
    }
}
