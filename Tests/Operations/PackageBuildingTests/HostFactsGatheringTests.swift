import BuildPlanning
import LinuxSystem
import SystemPackage
import Testing

@testable import PackageBuilding

@Suite("What this machine has")
struct HostFactsGatheringTests {
    @Test("is who asks, and the programs that can be found")
    func machine() throws {
        let facts = try HostFacts.gather()
        #expect(facts.isRoot == ThisProcess.isRoot)
        #expect(facts.programs.contains("unshare") && facts.programs.isSubset(of: HostNeeds.programs.map(\.name)))
        if facts.isRoot { #expect(facts.user == "root" && facts.hasSubordinates && facts.mountsOverlays) }
    }

    @Test(
        "a range counts for the user or the user's number, when it is long enough for all users of a system",
        arguments: [
            ("captain:100000:65536", true), ("1000:100000:65536", true), ("captain:100000:65535", false),
            ("other:100000:65536", false), ("captain:100000", false), ("", false),
            ("other:1:70000\ncaptain:100000:70000\n", true), ("captain:x:y", false),
        ])
    func ranges(text: String, expected: Bool) throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "host-facts")
        let file = folder.path.appending("subuid")
        try AtomicFile.write(Array(text.utf8), to: file)
        #expect(try HostFacts.hasRange(file, ["captain", "1000"]) == expected)
    }

    @Test("has no range where there is no file")
    func noFile() throws { #expect(try !HostFacts.hasRange("/nowhere/subuid", ["captain"])) }

    @Test("mounts an overlay where the kernel does, and leaves nothing there", .enabled(if: ThisProcess.isRoot))
    func overlay() throws {
        let folder = try PrivateFolder(in: "/tmp", prefix: "host-facts")
        let script = "mkdir l u w m && mount -t overlay -o lowerdir=l,upperdir=u,workdir=w overlay m"
        try Folders.make(folder.path.appending("probe"))
        let works = try ChildProcess.run(
            "unshare", ["--mount", "--", "sh", "-c", script], directory: folder.path.appending("probe")
        ).succeeded
        #expect(try HostFacts.gather(tryingOverlayIn: folder.path.appending("work")).mountsOverlays == works)
        #expect(try Folders.names(of: folder.path.appending("work")) == [])
        // Nothing can be mounted there, whoever asks.
        #expect(try !HostFacts.gather(tryingOverlayIn: "/proc/nowhere").mountsOverlays)
    }
}
