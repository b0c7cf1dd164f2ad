import BootModel
import DiskContract
import Faults
import Foundation
import LinuxSystem
import Plans
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning

@testable import Transactions

/// An image's folder and what is kept over it, in a folder of the test.
private struct KeptScene {
    private let folder: TestFolder

    var path: FilePath { folder.path }

    /// Prepares by a shell script in a folder with `image`, `here` and `store`.
    init(_ script: String) throws {
        folder = try TestFolder()
        try ChildProcess.run("bash", ["-ec", "mkdir image here store; \(script)"], directory: path).requireSuccess()
    }

    func views(layer: String = "here") throws -> KeptViews {
        func open(_ name: String) throws -> DirectoryHandle {
            try DirectoryHandle(root: path.appending(FilePath(name).components), crossesMounts: false)
        }
        return KeptViews(
            here: try open("here"), image: try open("image"), layer: try open(layer), folder: try open("store"))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try FileBytes.read(path.appending(name), limit: 1_000), as: UTF8.self)
    }
}

@Suite("Difference of two trees")
struct TreeDifferenceTests {
    private static let bind = KeptPath("/k", .bind, in: "store")

    private func lines(
        _ script: String, of part: FilePath = "", since: Int64? = nil, limit: Int = 100
    ) throws -> [String] {
        let scene = try KeptScene(script)
        return try scene.views().difference(of: Self.bind, part, since: since, limit: limit).lines
    }

    @Test(
        "each kind of difference is found, and only that",
        arguments: [
            ("echo a >image/x; cp -a image/x here", "All is as the image has it."),
            ("echo a >image/x; sleep 0; echo a >here/x; touch -d 2001-01-01 here/x", "All is as the image has it."),
            ("echo a >here/x", "added    /k/x"), ("echo a >image/x", "removed  /k/x"),
            ("echo a >image/x; echo b >here/x", "changed  /k/x"), ("echo a >image/x; echo ab >here/x", "changed  /k/x"),
            ("echo a >image/x; mkdir here/x", "changed  /k/x (type)"),
            ("echo a >image/x; cp -a image/x here; chmod 600 here/x", "changed  /k/x (attributes)"),
            ("mkdir image/d here/d; chmod 700 here/d", "changed  /k/d (attributes)"),
            ("ln -s a image/l; ln -s b here/l", "changed  /k/l"),
            ("ln -s a image/l; ln -s a here/l", "All is as the image has it."),
            ("mkdir -p image/d/e here/d/e; echo a >here/d/e/f", "added    /k/d/e/f"),
            ("mkdir -p image/d/e here/d", "removed  /k/d/e"),
        ])
    func kinds(script: String, line: String) throws {
        #expect(try lines(script) == [line])
    }

    @Test("a file with the same size and time but another content differs")
    func sameTime() throws {
        #expect(
            try lines("echo a >image/x; echo b >here/x; touch -d 2001-01-01 image/x here/x") == ["changed  /k/x"])
    }

    @Test("all that a new folder holds is named, links in it are not followed, and a limit holds")
    func folders() throws {
        let script = "mkdir -p here/d/e outside; echo >outside/secret; echo >here/d/e/f; ln -s ../../outside here/d/l"
        let all = ["added    /k/d", "added    /k/d/e", "added    /k/d/e/f", "added    /k/d/l"]
        #expect(try lines(script) == all)
        #expect(try lines(script, limit: 1) == [all[0], "… and 3 more"])
    }

    @Test("a folder that is a link on one side is not looked into")
    func links() throws {
        #expect(
            try lines("mkdir image/d outside; echo >image/d/x; echo >outside/y; ln -s ../outside here/d")
                == ["changed  /k/d (type)"])
    }

    @Test("what was changed before the image came hides what that has", arguments: [(0, false), (60, true)])
    func older(seconds: Int64, isOlder: Bool) throws {
        let since = Int64(Date().timeIntervalSince1970) + seconds - (isOlder ? 0 : 60)
        let scene = try KeptScene("echo a >image/x; echo b >here/x; mkdir image/d here/d; chmod 700 here/d")
        let found = try scene.views().difference(of: Self.bind, since: since, limit: 9)
        #expect(found.changes.map(\.isOlder) == [false, isOlder], "a folder hides nothing")
    }

    @Test(
        "a part is compared alone",
        arguments: [
            ("x", ["changed  /k/x"]), ("d", ["added    /k/d/f"]), ("d/f", ["added    /k/d/f"]),
            ("n/m", ["added    /k/n/m"]),
            ("none", ["All is as the image has it."]), ("l/x", ["All is as the image has it."]),
        ])
    func part(path: String, expected: [String]) throws {
        let script =
            "echo a >image/x; echo b >here/x; mkdir image/d here/d here/n; echo >here/d/f; echo >here/n/m; ln -s . here/l"
        #expect(try lines(script, of: FilePath(path)) == expected)
    }
}

@Suite("Difference of an overlay", .enabled(if: geteuid() == 0), .serialized)
struct OverlayDifferenceTests {
    private static let overlay = KeptPath("/k", .overlay, in: "store")

    /// Mounts an overlay of `image` on `here`, changes it by a script, and hands over its sides.
    private func with<Result>(
        _ image: String, _ script: String, options: String = "", _ body: (borrowing KeptViews) throws -> Result
    ) throws -> Result {
        let scene = try KeptScene(
            "\(image)\nmkdir upper work; mount -t tmpfs t store; mkdir store/upper store/work; "
                + "mount -t overlay o -o lowerdir=image,upperdir=store/upper,workdir=store/work\(options) here\n"
                + "cd here; \(script)")
        defer { for name in ["here", "store"] { try? Mount.unmount(scene.path.appending(name), lazy: true) } }
        return try body(scene.views(layer: "store/upper"))
    }

    private func lines(_ image: String, _ script: String, options: String = "") throws -> [String] {
        try with(image, script, options: options) { $0.difference(of: Self.overlay, since: nil, limit: 100).lines }
    }

    @Test(
        "changes, whiteouts and folders that were made anew are told apart",
        arguments: [
            ("echo b >x", ["changed  /k/x"]), ("rm x", ["removed  /k/x"]), ("echo >n", ["added    /k/n"]),
            ("chmod 600 x", ["changed  /k/x (attributes)"]), ("touch x", ["All is as the image has it."]),
            ("rm -r d; mkdir d; echo >d/new", ["removed  /k/d/a", "removed  /k/d/b", "added    /k/d/new"]),
            ("echo b >d/a", ["changed  /k/d/a"]), ("rm n 2>/dev/null || :", ["All is as the image has it."]),
            ("echo >n; rm n", ["All is as the image has it."]),
        ])
    func changes(script: String, expected: [String]) throws {
        let found = try lines("echo a >image/x; mkdir image/d; echo a >image/d/a; echo b >image/d/b", script)
        #expect(found == expected)
    }

    @Test("a folder that was renamed is seen with all that it shows")
    func redirect() throws {
        let found = try lines("mkdir image/d; echo a >image/d/a", "mv d e", options: ",redirect_dir=on")
        #expect(found == ["removed  /k/d", "added    /k/e", "added    /k/e/a"])
    }

    @Test("a part below a folder that was made anew is not reset by itself")
    func hiding() throws {
        let facts = try with("mkdir image/d; echo a >image/d/a", "rm -r d; mkdir d; echo b >d/a") {
            try $0.facts(Self.overlay, "d/a")
        }
        #expect(facts.hidingFolder == "d" && facts.isKept)
    }

    @Test("the facts of a part say who has it", arguments: [("x", true), ("y", false)])
    func facts(name: String, isKept: Bool) throws {
        let facts = try with("echo a >image/x; echo a >image/y", "echo b >x") {
            try $0.facts(Self.overlay, FilePath(name))
        }
        #expect(facts.isKept == isKept && facts.here == .plain && facts.image == .plain && facts.hidingFolder == nil)
    }
}

@Suite("Reset of what persists")
struct PersistenceEffectsTests {
    private static let bind = KeptPath("/k", .bind, in: "store")

    /// Carries out the plan of a part.
    private func reset(_ part: FilePath, _ scene: KeptScene) throws -> [String] {
        let views = try scene.views()
        let plan = try PersistencePlan.reset(try views.facts(Self.bind, part))
        var effects = PersistenceEffects(views)
        _ = try TransactionRunner.run(plan, &effects, observer: { _ in })
        return plan.steps.map(\.action.name)
    }

    @Test(
        "a part becomes what the image has, and nothing is left beside it",
        arguments: [
            ("echo a >image/x; echo b >here/x", "x"), ("echo a >image/x", "x"), ("echo b >here/x", "x"),
            ("mkdir -p image/d/e here/d; echo a >image/d/e/f; echo b >here/d/g", "d"),
            ("ln -s /etc image/l; mkdir here/l", "l"), ("echo a >image/x; ln -s /etc here/x", "x"),
        ])
    func resets(script: String, part: String) throws {
        let scene = try KeptScene(script)
        _ = try reset(FilePath(part), scene)
        #expect(try scene.views().difference(of: Self.bind, since: nil, limit: 9).isEmpty)
        #expect(try Folders.names(of: scene.path.appending("store")) == [])
    }

    @Test("what a cut left beside it is in nobody's way")
    func leftovers() throws {
        let scene = try KeptScene("echo a >image/x; echo b >here/x; mkdir -p store/reset.new/content/y")
        #expect(try reset("x", scene) == ["stage", "exchange", "clean"])
        #expect(try scene.text("here/x") == "a\n")
    }

    @Test("mode and owner come from the image")
    func attributes() throws {
        let scene = try KeptScene("echo a >image/x; chmod 4751 image/x; echo b >here/x")
        _ = try reset("x", scene)
        #expect(try FileStatus.of(scene.path.appending("here/x"))?.permissions.rawValue == 0o4751)
    }

    @Test("a link on the way is not followed")
    func links() throws {
        let scene = try KeptScene(
            "mkdir image/d outside; echo a >image/d/x; echo b >outside/x; ln -s ../outside here/d")
        let error = #expect(throws: Refusal.self) { _ = try reset("d/x", scene) }
        #expect(error?.cause == "the folder that it lies in is not there")
        #expect(throws: (any Error).self) {
            var effects = PersistenceEffects(try scene.views())
            _ = try effects.perform(.exchange(Self.bind, "d/x"), progress: .silent)
        }
        #expect(try scene.text("outside/x") == "b\n")
    }

    @Test("a mark is written, read, and taken away")
    func mark() throws {
        let scene = try KeptScene("")
        var mark = ResetMark()
        mark.add("a/b")
        for mark in [mark, ResetMark()] {
            var effects = PersistenceEffects(try scene.views())
            _ = try effects.perform(.writeMark(Self.bind, mark), progress: .silent)
            #expect(try scene.views().mark == mark)
        }
        #expect(try Folders.names(of: scene.path.appending("store")) == [])
    }
}

@Suite("Views of a kept path", .enabled(if: geteuid() == 0), .serialized)
struct KeptViewsTests {
    /// Runs a body on a thread with mounts of its own.
    private func separately(_ body: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread {
                done.resume(
                    with: Result {
                        try MountNamespace.unshare()
                        try body()
                    })
            }
        }
    }

    @Test(
        "both sides are seen, whatever is stacked, and nobody else loses the mount",
        arguments: [PersistMode.overlay, .bind])
    func sides(mode: PersistMode) async throws {
        let mount =
            mode == .overlay
            ? "mkdir upper work; mount -t overlay o -o lowerdir=path,upperdir=store/state/p/upper,workdir=store/state/p/work path"
            : "mount --bind store/state/p/data path"
        let scene = try KeptScene(
            """
            mkdir path lower; echo low >lower/x; mount -t overlay o -o lowerdir=lower:image path
            mount -t tmpfs t store; mkdir -p store/state/p/{upper,work,data}; \(mount); echo high >path/x
            mkdir -p path/inner; mount -t tmpfs t path/inner
            """)
        let path = scene.path
        let kept = KeptPath(path.appending("path"), mode, in: "state/p")
        defer {
            for name in ["path/inner", "path", "path", "store"] { try? Mount.unmount(path.appending(name), lazy: true) }
        }
        try await separately {
            let views = try KeptViews(kept, store: path.appending("store"))
            #expect(try views.here.read("x", limit: 9) == Array("high\n".utf8))
            #expect(try views.image.read("x", limit: 9) == Array("low\n".utf8))
            let lines = views.difference(of: kept, since: nil, limit: 9).changes.map {
                "\($0.kind) \($0.path.lastComponent?.string ?? "")"
            }
            #expect(lines == ["added inner", "changed x"])
            guard mode == .bind else { return }
            let plan = try PersistencePlan.reset(try views.facts(kept, "x"))
            var effects = PersistenceEffects(views)
            _ = try TransactionRunner.run(plan, &effects, observer: { _ in })
        }
        #expect(try scene.text("path/x") == (mode == .bind ? "low\n" : "high\n"), "it is seen where it is mounted")
        #expect(try Procfs.mounts().contains { $0.target == path.appending("path/inner") })
    }

    @Test("what a vendor's overlay brings is the image's, too")
    func layers() async throws {
        let scene = try KeptScene(
            """
            mkdir path ext; echo vendor >ext/v; echo vendor >ext/w; echo image >path/i; mount -t tmpfs t store
            mkdir -p store/state/p/{upper,work}
            mount -t overlay o -o lowerdir=ext:path,upperdir=store/state/p/upper,workdir=store/state/p/work path
            echo mine >path/v; rm path/w; echo mine >path/i
            """)
        let path = scene.path
        let kept = KeptPath(path.appending("path"), .overlay, in: "state/p", over: [path.appending("ext")])
        defer { for name in ["path", "store"] { try? Mount.unmount(path.appending(name), lazy: true) } }
        try await separately {
            let views = try KeptViews(kept, store: path.appending("store"))
            let found = views.difference(of: kept, since: nil, limit: 9).changes.map(\.kind)
            #expect(found == [.changed, .changed, .removed])
        }
    }
}
