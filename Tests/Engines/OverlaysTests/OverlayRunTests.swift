import Faults
import Foundation
import OverlayPlanning
import Plans
import SystemPackage
import Testing

@testable import Overlays

/// Stacks on the kernel that runs; everything lies in a folder of the test.
@Suite("Stacking overlays", .enabled(if: TestedMachine.hasImages), .serialized)
struct OverlayRunTests {
    private static let release =
        "mkdir -p $W/x/usr/lib/extension-release.d; echo ID=demo > $W/x/usr/lib/extension-release.d/extension-release"
    private static let squashfs = "mksquashfs $W/x 30-image.squashfs -quiet -no-progress -all-root > /dev/null"

    /// A folder, an archive over it and an image over both.
    private static let three = """
        mkdir -p 10-folder/usr/bin 10-folder/opt/folder $W/t/usr/bin $W/x/usr/bin
        for n in a b c; do echo folder > 10-folder/usr/bin/$n; done
        for n in b c; do echo archive > $W/t/usr/bin/$n; done
        echo image > $W/x/usr/bin/c
        tar -C $W/t --zstd -cf 20-archive.tar.zst usr
        \(release).image
        echo VERSION_ID=1 >> $W/x/usr/lib/extension-release.d/extension-release.image
        \(squashfs)
        """

    @Test("a folder, an archive and an image are stacked in the order of their numbers")
    func order() throws {
        let fixture = try FixtureRoot()
        try fixture.shell(Self.three)
        try fixture.stacked { outcome in
            #expect(
                outcome.decision?.entries.map(\.verdict) == [
                    .stacked([.usr, .opt]), .stacked([.usr]), .stacked([.usr]),
                ])
            #expect(
                ["a", "b", "c", "tool"].map { fixture.text("/usr/bin/\($0)") } == [
                    "folder\n", "archive\n", "image\n", "image\n",
                ])
            #expect(fixture.exists("/opt/folder"))
            #expect(fixture.text("/etc/conf") == "image\n")
            #expect(outcome.problems == [])
        }
        #expect(try fixture.loops().isEmpty)
        #expect(!fixture.exists("/usr/bin/a"))
    }

    @Test("the stack is read-only, and takes set-user-ID programs")
    func options() throws {
        let fixture = try FixtureRoot()
        try fixture.shell(Self.three)
        try fixture.stacked { _ in
            let table = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
            let lines = table.split(separator: "\n").filter { $0.contains(" \(fixture.root)/usr ") }
            let options = try #require(lines.first).split(separator: " ")[5].split(separator: ",")
            #expect(options.contains("ro") && options.contains("nodev") && !options.contains("nosuid"))
        }
    }

    @Test(
        "a whiteout of an archive takes a file of the image away",
        arguments: ["mknod $W/t/usr/bin/only c 0 0", "touch $W/t/usr/bin/.wh.only"])
    func whiteout(make: String) throws {
        let fixture = try FixtureRoot()
        try fixture.shell("mkdir -p $W/t/usr/bin; \(make); tar -C $W/t -cf 10-less.tar usr")
        try fixture.stacked { _ in
            #expect(!fixture.exists("/usr/bin/only"))
            #expect(fixture.exists("/usr/bin/tool"))
        }
    }

    @Test("an opaque folder of an archive hides the image's")
    func opaque() throws {
        let fixture = try FixtureRoot()
        try fixture.shell(
            "mkdir -p $W/t/etc/sub; touch $W/t/etc/sub/.wh..wh..opq; echo new > $W/t/etc/sub/new; tar -C $W/t -cf 10-less.tar etc"
        )
        try fixture.stacked { _ in
            #expect(!fixture.exists("/etc/sub/conf"))
            #expect(fixture.text("/etc/sub/new") == "new\n")
        }
    }

    @Test("owners, modes, file capabilities and hard links of an archive are kept")
    func attributes() throws {
        let fixture = try FixtureRoot()
        try fixture.shell(
            """
            mkdir -p $W/t/usr/bin; echo x > $W/t/usr/bin/x; ln $W/t/usr/bin/x $W/t/usr/bin/y; chown 7:8 $W/t/usr/bin/x
            chmod 4751 $W/t/usr/bin/x; setcap cap_net_raw+ep $W/t/usr/bin/x 2>/dev/null || setfattr -n security.capability \
            -v 0x0100000200200000000000000000000000000000 $W/t/usr/bin/x
            tar -C $W/t --xattrs --xattrs-include='*' -cf 10-more.tar usr
            """)
        try fixture.stacked { _ in
            let status = try FixtureRoot.run(["stat", "-c", "%u:%g %a %h", "\(fixture.root)/usr/bin/y"])
            #expect(status.said == "7:8 4751 2\n")
            let capability = try FixtureRoot.run(["getfattr", "-n", "security.capability", "\(fixture.root)/usr/bin/y"])
            #expect(capability.status == 0, "\(capability.said)")
        }
    }

    @Test(
        "a damaged overlay is left out, and others are stacked",
        arguments: [
            ("20-archive.tar.zst", "head -c 60 20-archive.tar.zst > x; mv x 20-archive.tar.zst", "b"),
            ("30-image.squashfs", "dd if=/dev/zero of=30-image.squashfs bs=64 count=1 conv=notrunc status=none", "c"),
            (
                "30-image.squashfs",
                "echo ID=other > $W/x/usr/lib/extension-release.d/extension-release.image; rm 30*; \(squashfs)", "c"
            ),
        ])
    func damaged(name: String, damage: String, file: String) throws {
        let fixture = try FixtureRoot()
        try fixture.shell(Self.three + "\n" + damage)
        try fixture.stacked { outcome in
            let refused = outcome.decision?.entries.filter {
                if case .refused(_, endsBoot: false) = $0.verdict { true } else { false }
            }
            #expect(refused?.map(\.source?.file.fileName) == [name])
            #expect(fixture.text("/usr/bin/a") == "folder\n")
            #expect(fixture.text("/usr/bin/\(file)") != (file == "b" ? "archive\n" : "image\n"))
        }
        #expect(try fixture.loops().isEmpty)
    }

    @Test("one that is damaged and required ends the boot, and nothing stays mounted")
    func required() throws {
        let fixture = try FixtureRoot(["/oem/overlays/30-image.yaml": "required: true\n"])
        try fixture.shell(Self.three + "\nhead -c 100 30-image.squashfs > x; mv x 30-image.squashfs")
        var run = OverlayRun(fixture.request())
        do {
            _ = try run.perform()
            Issue.record("it went on")
        } catch let error as OverlayError { #expect(error.cause.contains("required")) }
        #expect(try fixture.mounts().isEmpty && fixture.loops().isEmpty)
        let report = try String(contentsOfFile: fixture.places.report.string, encoding: .utf8)
        #expect(report.contains("\"failure\":\"stacking the overlay"), "\(report)")
    }

    @Test("what is not meant for this machine is not even mounted")
    func elsewhere() throws {
        let fixture = try FixtureRoot(["/oem/overlays/30-image.yaml": "match: {os-release: {ID: other}}\n"])
        try fixture.shell(Self.three)
        try fixture.stacked { outcome in
            #expect(!outcome.steps.contains { $0.step == "mount-image" })
            #expect(
                outcome.decision?.entries.last?.verdict == .elsewhere("it is for ID other, and this system has demo"))
        }
    }

    @Test("no attribute of a folder makes it another folder of the image", .enabled(if: TestedMachine.has("setfattr")))
    func redirect() throws {
        let fixture = try FixtureRoot()
        try fixture.shell("mkdir -p 10-a/usr/moved; setfattr -n trusted.overlay.redirect -v /bin 10-a/usr/moved")
        try fixture.stacked { _ in #expect(!fixture.exists("/usr/moved/only")) }
    }

    @Test("what is opened and refused is closed again")
    func closed() throws {
        let fixture = try FixtureRoot()
        try fixture.shell(
            "mkdir -p 10-bad/usr/lib/lifeboot/keys 20-good/usr; touch 10-bad/usr/lib/lifeboot/keys/x.pem 20-good/usr/good"
        )
        try fixture.stacked { outcome in
            #expect(outcome.steps.contains { $0.step == "close-overlay" && $0.outcome == .done })
            let mounts = try fixture.mounts()
            #expect(!mounts.contains("\(fixture.places.layer(0))"))
            #expect(fixture.exists("/usr/good"))
        }
    }

    @Test("a check sees every conflict, and leaves nothing mounted")
    func conflicts() throws {
        let fixture = try FixtureRoot()
        try fixture.shell(Self.three + "\necho other > 10-folder/usr/bin/tool")
        let decision = try OverlayCheck.decision(fixture.request())
        #expect(
            Set(decision.conflicts.map { "\($0.path) \($0.upper) \($0.lower.map(\.description) ?? "image")" })
                == [
                    "/usr/bin/tool 10-folder image", "/usr/bin/b 20-archive 10-folder",
                    "/usr/bin/c 20-archive 10-folder",
                    "/usr/bin/c 30-image 20-archive",
                ])
        #expect(try fixture.mounts().isEmpty && fixture.loops().isEmpty)
        let folders = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.string)
        #expect(folders.contains("store-check") && !folders.contains("store"), "what is stacked has its own")
    }

    @Test("a hierarchy that the layout makes writable is handed over, from the top down")
    func joined() throws {
        let fixture = try FixtureRoot()
        try fixture.shell("mkdir -p 10-a/etc 20-b/etc; echo a > 10-a/etc/x; echo b > 20-b/etc/x")
        var request = fixture.request()
        request.hierarchies[.etc] = HierarchyFacts(isWritable: true)
        try fixture.stacked(request) { outcome in
            let lower = try #require(outcome.lowerLayers[.etc])
            let texts = lower.map {
                FileManager.default.contents(atPath: $0.string + "/x").map { String(decoding: $0, as: UTF8.self) }
            }
            #expect(texts == ["b\n", "a\n"])
            #expect(!fixture.exists("/etc/x"))
        }
    }

    @Test("more than the kernel takes are merged, in order, with what they take away")
    func merged() throws {
        let fixture = try FixtureRoot()
        try fixture.shell(
            """
            n=0; while [ $n -lt 95 ]; do p=$(printf %02d $n); mkdir -p $p-o/usr/bin; echo $p > $p-o/usr/bin/last
            echo $p > $p-o/usr/bin/f$p; n=$((n + 1)); done
            echo damaged > 98-bad.tar; rm 03-o/usr/bin/f03; mknod 03-o/usr/bin/f02 c 0 0; mknod 03-o/usr/bin/only c 0 0
            """)
        try fixture.stacked { outcome in
            #expect(fixture.text("/usr/bin/last") == "94\n")
            #expect(outcome.steps.filter { $0.step == "merge-overlays" }.count == 1)
            let numbers = (0..<95).map { $0 < 10 ? "0\($0)" : "\($0)" }
            for number in numbers where number != "02" && number != "03" {
                #expect(fixture.text("/usr/bin/f\(number)") == "\(number)\n")
            }
            #expect(!fixture.exists("/usr/bin/f02"))
            #expect(!fixture.exists("/usr/bin/only"))
            #expect(fixture.exists("/usr/bin/tool"))
        }
    }

    @Test(
        "an image of another form than its name says is refused, and says which are taken",
        arguments: [
            ("10-x.squashfs", "truncate -s 1M 10-x.squashfs", "no filesystem that is known, and not squashfs"),
            (
                "10-x.raw", "truncate -s 8M 10-x.raw; mkfs.ext2 -q -F 10-x.raw",
                "it holds ext2, and not squashfs or erofs or ext4"
            ),
            (
                "10-x.raw", "truncate -s 8M 10-x.raw; echo , | sfdisk -q --label gpt 10-x.raw",
                "with a partition table is not taken"
            ),
        ])
    func form(name: String, make: String, words: String) throws {
        let fixture = try FixtureRoot()
        try fixture.shell(make)
        try fixture.stacked { outcome in
            #expect(outcome.problems.contains { $0.contains(words) }, "\(outcome.problems)")
        }
        #expect(try fixture.loops().isEmpty)
    }

    @Test(
        "an image of EROFS, and one of ext4 that was not unmounted, are stacked",
        .enabled(if: TestedMachine.has("mkfs.erofs", "mkfs.ext4", "debugfs")))
    func filesystems() throws {
        let fixture = try FixtureRoot()
        try fixture.shell(
            """
            for n in a b; do d=$W/$n/usr/lib/extension-release.d; mkdir -p $d; echo ID=_any > $d/extension-release.$n
            touch $W/$n/usr/is-$n; done
            mkfs.erofs 10-a.erofs $W/a > /dev/null 2>&1; truncate -s 8M 20-b.raw; mkfs.ext4 -q -F -d $W/b 20-b.raw
            debugfs -w -R 'feature needs_recovery' 20-b.raw > /dev/null 2>&1
            """)
        try fixture.stacked { outcome in
            #expect(outcome.problems == [])
            #expect(fixture.exists("/usr/is-a") && fixture.exists("/usr/is-b"))
        }
        #expect(try fixture.loops().isEmpty)
    }

    @Test("an archive that memory cannot hold is left out, and others have its memory")
    func tooLarge() throws {
        let fixture = try FixtureRoot()
        try fixture.shell(
            """
            mkdir usr; head -c 90M /dev/zero > usr/large; tar --zstd -cf 10-a.tar.zst usr
            head -c 50M /dev/zero > usr/large; tar --zstd -cf 20-b.tar.zst usr; rm -r usr
            """)
        try fixture.stacked { outcome in
            #expect(outcome.decision?.entries.map(\.verdict.word) == ["refused", "stacked"])
            #expect(outcome.problems.first?.contains("No space") == true, "\(outcome.problems)")
            #expect(fixture.exists("/usr/large"))
        }
    }

    @Test("a step that fails is a problem, and the boot goes on without that stack")
    func stackFails() throws {
        let fixture = try FixtureRoot()
        try fixture.shell("mkdir -p 10-a/usr; touch 10-a/usr/a")
        var request = fixture.request()
        request.places.size = "1000g,not-an-option"
        try fixture.stacked(request) { outcome in
            #expect(outcome.decision?.entries.map(\.verdict.word) == ["refused"])
            #expect(outcome.problems.contains { $0.hasPrefix("make-overlay-store ") }, "\(outcome.problems)")
            #expect(!fixture.exists("/usr/a"))
        }
    }

    @Test("without overlays nothing is done")
    func nothing() throws {
        var run = OverlayRun(try FixtureRoot().request())
        let outcome = try run.perform()
        #expect(outcome == nil)
        #expect(run.steps.isEmpty)
    }
}
