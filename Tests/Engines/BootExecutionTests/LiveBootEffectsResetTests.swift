import BootModel
import DiskContract
import Glibc
import LinuxSystem
import Plans
import SystemPackage
import Testing

@testable import BootExecution

/// What `lifeboot persistence reset` leaves to the boot, with real mounts; only as root.
@Suite("Live boot effects: what was marked for a reset", .enabled(if: geteuid() == 0), .serialized)
struct LiveBootEffectsResetTests {
    /// What is seen of a kept `/home` after a boot.
    private struct Seen {
        /// The texts of the files in it, and in its folder `d`.
        var texts: [String: String] = [:]
        var hasMark = false
        var hasLink = false
        var note: String?
    }

    /// Keeps `/home` of the scene, after a script has put something into the store.
    private func boot(_ mode: PersistMode, _ script: String) throws -> Seen {
        var seen = Seen()
        let outside = try LiveBootEffectsStoreTests.scene(script) { effects, root, store in
            let (home, folder) = (root.appending("home"), store.appending("state/home"))
            seen.note = try effects.perform(.persistPath("/home", root: root, store: store, mode: mode)).note
            for name in try Folders.names(of: home) + Folders.names(of: home.appending("d")).map({ "d/\($0)" }) {
                guard try FileStatus.of(home.appending(name), followingLinks: false)?.kind == .file else { continue }
                seen.texts[name] = String(
                    decoding: try FileBytes.read(home.appending(name), limit: 100), as: UTF8.self)
            }
            seen.hasMark = try FileStatus.of(folder.appending("reset")) != nil
            seen.hasLink = try FileStatus.of(folder.appending("upper/out"), followingLinks: false) != nil
            try? Mount.unmount(folder.appending("upper/busy"), lazy: true)
        }
        #expect(outside == ["victim"])
        return seen
    }

    private static let upper = """
        mkdir -p store/state/home/upper/d store/state/home/work; cd store/state/home
        echo mine >upper/image; echo kept >upper/other; echo new >upper/d/x; ln -s $O upper/out
        """

    @Test("a marked file of an overlay is the image's again, and all else stays; the mark goes")
    func part() throws {
        let seen = try boot(.overlay, Self.upper + "\nprintf 'image\\0d/x\\0' >reset")
        #expect(seen.texts == ["image": "image\n", "other": "kept\n"])
        #expect(!seen.hasMark)
        #expect(seen.note == "reset: " + ["image", "d/x"].map { "/home/\($0)" }.joined(separator: ", "))
    }

    @Test("a file that was taken away comes back")
    func whiteout() throws {
        let script = "mkdir -p store/state/home/upper; cd store/state/home; mknod upper/image c 0 0; "
        #expect(try boot(.overlay, script).texts == [:])
        #expect(try boot(.overlay, script + "printf 'image\\0' >reset").texts == ["image": "image\n"])
    }

    @Test("all of an overlay is the image's again")
    func whole() throws {
        let seen = try boot(.overlay, Self.upper + "\nprintf '.\\0' >reset")
        #expect(seen.texts == ["image": "image\n"] && !seen.hasMark && !seen.hasLink)
    }

    @Test("all of a bind is filled from the image anew")
    func bind() throws {
        let script = "mkdir -p store/state/home/data; cd store/state/home; echo mine >data/image; >data/x; "
        #expect(try boot(.bind, script).texts == ["image": "mine\n", "x": ""])
        let seen = try boot(.bind, script + "printf '.\\0' >reset")
        #expect(seen.texts == ["image": "image\n"] && !seen.hasMark)
    }

    @Test(
        "a link on the way to what is marked is not followed, and one in its place is removed itself",
        arguments: [("out/victim", true), ("out", false)])
    func links(path: String, stays: Bool) throws {
        #expect(try boot(.overlay, Self.upper + "\nprintf '\(path)\\0' >reset").hasLink == stays)
    }

    @Test(
        "what cannot be removed keeps its mark, and the boot goes on",
        arguments: [
            "mkdir -p upper/busy; mount -t tmpfs busy upper/busy; printf 'busy\\0' >reset",
            "head -c 70000 /dev/zero >reset", "mkdir reset",
        ])
    func stuck(script: String) throws {
        let seen = try boot(.overlay, "mkdir -p store/state/home; cd store/state/home; \(script)")
        #expect(seen.note?.hasPrefix("what was to be reset in /home was not: ") == true)
        #expect(seen.hasMark && seen.texts["image"] == "image\n")
    }

    @Test("without a mark there is no note, and nothing is taken away")
    func none() throws {
        let seen = try boot(.overlay, Self.upper)
        #expect(seen.note == nil)
        #expect(seen.texts == ["image": "mine\n", "other": "kept\n", "d/x": "new\n"])
    }
}
