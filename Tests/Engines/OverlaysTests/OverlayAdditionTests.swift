import Faults
import Foundation
import OutputSchemas
import OverlayPlanning
import SystemPackage
import Testing

@testable import Overlays

@Suite("Adding overlays", .enabled(if: TestedMachine.hasImages), .serialized)
struct OverlayAdditionTests {
    /// Makes a file or folder outside the folder of overlays.
    private func given(_ fixture: FixtureRoot, _ name: String, _ script: String) throws -> FilePath {
        try fixture.shell("cd $W; \(script)")
        return fixture.folder.appending("work").appending(name)
    }

    @Test(
        "the name is made of the file's and the order",
        arguments: [
            ("tools.tar", 5, "05-tools.tar"), ("10-tools.tar", nil, "10-tools.tar"),
            ("10-tools.tar", 99, "99-tools.tar"),
            ("tools_1.2.tar", 0, "00-tools_1.2.tar"),
        ] as [(String, Int?, String)])
    func name(file: String, order: Int?, expected: String) throws {
        let fixture = try FixtureRoot()
        let path = try given(fixture, file, "touch \(file)")
        #expect(try OverlayAddition(path, order: order).source.path.string == "/oem/overlays/\(expected)")
    }

    @Test(
        "what has no name of an overlay is refused",
        arguments: [
            ("tools.tar", nil, "no name of an overlay"), ("tools.zip", 10, "no name of an overlay"),
            ("tools.tar", 100, "no place in the stack"), ("tools.tar", -1, "no place in the stack"),
        ] as [(String, Int?, String)])
    func refusedName(file: String, order: Int?, words: String) throws {
        let fixture = try FixtureRoot()
        let path = try given(fixture, file, "touch \(file)")
        do {
            _ = try OverlayAddition(path, order: order)
            Issue.record("it was taken")
        } catch let error as StackingError { #expect(error.cause.contains(words)) }
    }

    @Test("one that would be refused is not added")
    func refused() throws {
        let fixture = try FixtureRoot()
        let path = try given(fixture, "bad.tar", "mkdir -p usr/bin; echo x > usr/bin/lifeboot; tar -cf bad.tar usr")
        let addition = try OverlayAddition(path, order: 10)
        let decision = try OverlayCheck.decision(addition.checking(fixture.request()))
        do {
            try addition.check(decision)
            Issue.record("it was taken")
        } catch { #expect(error.cause.contains("/usr/bin/lifeboot")) }
        #expect(!fixture.exists("/oem/overlays/10-bad.tar"))
        #expect(try fixture.mounts().isEmpty)
    }

    @Test("one that is good is added whole, and is stacked then")
    func added() throws {
        let fixture = try FixtureRoot()
        let path = try given(fixture, "more.tar", "mkdir -p usr/bin; echo x > usr/bin/more; tar -cf more.tar usr")
        let addition = try OverlayAddition.add(path, order: 10, to: fixture.request())
        try OutputSchema.check(addition.json, "overlay-add")
        #expect(addition.line == "/oem/overlays/10-more.tar counts from the next boot on")
        #expect(
            fixture.text("/oem/overlays/10-more.tar")
                == String(decoding: try Data(contentsOf: URL(filePath: path.string)), as: UTF8.self))
        let names = try FileManager.default.contentsOfDirectory(atPath: fixture.oem.string).sorted()
        #expect(names == [".keep", "10-more.tar"])
        try fixture.stacked { _ in #expect(fixture.text("/usr/bin/more") == "x\n") }
    }

    @Test("an older one of the same name counts for nothing, and is not added")
    func older() throws {
        let fixture = try FixtureRoot(["/oem/overlays/10-more_2/usr/x": ""])
        let path = try given(fixture, "more_1.tar", "mkdir usr; tar -cf more_1.tar usr")
        let addition = try OverlayAddition(path, order: 10)
        let decision = try OverlayCheck.decision(addition.checking(fixture.request()))
        do {
            try addition.check(decision)
            Issue.record("it was taken")
        } catch { #expect(error.cause.contains("10-more_2")) }
    }

    @Test("what is there is replaced only when that is asked for", arguments: ["more.tar", "more"])
    func replacing(name: String) throws {
        let fixture = try FixtureRoot([
            "/oem/overlays/10-more/usr/old": "", "/oem/overlays/10-more.tar": "old",
            "/oem/overlays/10-more.tar.sig": "old",
        ])
        let path = try given(
            fixture, name, name == "more" ? "mkdir -p more/usr; echo x > more/usr/new" : "echo new > more.tar")
        let addition = try OverlayAddition(path, order: 10)
        let root = OverlayRoot(fixture.root)
        #expect(throws: StackingError.self) { try addition.perform(in: root) }
        try addition.perform(in: root, replacing: true)
        #expect(fixture.exists("/oem/overlays/10-more/usr/old") == (name != "more"))
        #expect(fixture.exists("/oem/overlays/10-more/usr/new") == (name == "more"))
        #expect(fixture.text("/oem/overlays/10-more.tar") == (name == "more" ? "old" : "new\n"))
        #expect(fixture.exists("/oem/overlays/10-more.tar.sig") == (name == "more"), "it was another's")
        let rest = try FileManager.default.contentsOfDirectory(atPath: fixture.oem.string).filter {
            $0.hasPrefix(".10") && !$0.contains(".old-")
        }
        #expect(rest == [])
    }

    @Test("what lies beside an image goes with it, when it is added and when it is removed")
    func beside() throws {
        let fixture = try FixtureRoot()
        let path = try given(
            fixture, "a.raw", "for n in raw raw.sig verity roothash roothash.sig; do echo $n > a.$n; done")
        let addition = try OverlayAddition(path, order: 10)
        try addition.perform(in: OverlayRoot(fixture.root))
        let suffixes = ["raw", "raw.sig", "verity", "roothash", "roothash.sig"]
        for suffix in suffixes { #expect(fixture.text("/oem/overlays/10-a.\(suffix)") == "\(suffix)\n") }
        _ = try OverlayRemoval.remove("10-a", from: OverlayRoot(fixture.root), fixture.request().seal)
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.oem.string) == [".keep"])
    }

    @Test("a folder is added with owners, modes and what it takes away")
    func folder() throws {
        let fixture = try FixtureRoot()
        let path = try given(
            fixture, "less",
            "mkdir -p less/usr/bin; mknod less/usr/bin/only c 0 0; echo x > less/usr/bin/x; chown 5 less/usr/bin/x; chmod 4750 less/usr/bin/x"
        )
        try OverlayAddition(path, order: 10).perform(in: OverlayRoot(fixture.root))
        let status = try FixtureRoot.run(["stat", "-c", "%u %a", "\(fixture.oem)/10-less/usr/bin/x"])
        #expect(status.said == "5 4750\n")
        try fixture.stacked { _ in #expect(!fixture.exists("/usr/bin/only")) }
    }
}
