import ArgumentParser
import Cryptography
import Foundation
import ImageModel
import JSONText
import RegistryAccess
import RegistryModel
import ReleaseModel
import SeededNumbers
import SystemPackage
import TestServers
import Testing

@testable import BuilderCommands

/// Runs the verbs of channels as people type them, on files.
@Suite("boatyard channel") struct ChannelCommandTests {
    static let machine = "0123456789abcdef0123456789abcdef"

    @Test(arguments: [
        ["promote", "a", "b"], ["promote", "a", "--version", "1"],
        ["promote", "a", "b", "--version", "1", "--rollout", "101"],
        ["rollout", "a", "--version", "1"], ["rollout", "a", "--version", "1", "--percent", "101"],
        ["rollout", "a", "--version", "1", "--percent=-1"], ["withdraw", "a", "--version", "1"],
        ["withdraw", "a", "--version", "1", "--reason", ""], ["remove", "a"], ["list"], ["show"],
        ["show", "oci://r.example/c"], ["show", "oci:x:c", "--key", "k", "--unsigned"], ["show", "a", "--unsigned"],
        ["show", "a", "--key", "k"], ["explain", "a", "--installed", "1"], ["explain", "a", "--machine-id", machine],
        ["explain", "a", "--installed", "1", "--machine-id", "0123456789ABCDEF0123456789ABCDEF"],
        ["explain", "a", "--installed", "1", "--machine-id", machine, "--key", "k"],
        ["explain", "a", "--installed", "1", "--machine-id", machine, "--now", "today"],
        ["explain", "a", "--installed", "1", "--machine-id", machine, "--agent", "x"],
    ])
    func `what cannot be meant is a usage error`(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try BoatyardCommand.parseAsRoot(["channel"] + arguments) }
        #expect(error.map { BoatyardCommand.exitCode(for: $0) } == .validationFailure)
    }

    static func digest(_ number: Int64) throws -> Digest {
        try #require(Digest(bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 32)))
    }

    static func release(_ version: String, _ sequence: Int64) throws -> ChannelRelease {
        var release = ChannelRelease(version: version, sequence: sequence, digest: try digest(sequence))
        release.reference = "oci://registry.example/os"
        return release
    }

    /// Writes a channel, and returns its path.
    static func write(_ releases: [ChannelRelease], _ name: String, in folder: TestFolder) throws -> String {
        let channel = ChannelDocument(
            name: name, issued: try #require(UTCTime("2026-11-01T00:00:00Z")),
            expires: try #require(UTCTime("9999-12-01T00:00:00Z")), releases: releases)
        try Data(channel.serialized()).write(to: folder.url.appending(path: "\(name).json"))
        return folder.path("\(name).json")
    }

    static func read(_ path: String) throws -> ChannelDocument { try ChannelFile.read(FilePath(path)) }

    static func run(_ arguments: [String]) throws -> (lines: [String], status: Int32, remarks: String) {
        try Printed.run(["channel"] + arguments)
    }

    static func json(_ arguments: [String], status expected: Int32 = 0) throws -> JSONValue {
        let (lines, status, remarks) = try run(arguments + ["--json"])
        #expect(status == expected, "\(remarks)")
        let isDocument = ["show", "list", "explain"].contains(arguments.first)
        return try JSONValue(parsing: Array((isDocument ? lines.joined() : lines.last ?? "").utf8))
    }

    @Test func `a release goes from one channel to another, to more machines, and back`() throws {
        let folder = try TestFolder()
        let candidate = try Self.write(
            [try Self.release("1.0", 10), try Self.release("1.1", 11)], "candidate", in: folder)
        let stable = try Self.write([try Self.release("1.0", 10)], "stable", in: folder)
        let promote = ["promote", candidate, stable, "--version", "1.1", "--rollout", "10"]
        #expect(try Self.run(promote).lines == ["1.1 11 \(try Self.digest(11).registryText)"])
        #expect(try Self.read(stable).releases.map(\.rollout) == [100, 10])
        #expect(try Self.json(promote)["changed"] == false)
        let wider = try Self.json(["rollout", stable, "--version", "11", "--percent", "50"])
        #expect(wider["changed"] == true && wider["release"]?["rollout"]?.integer == 50)
        #expect(wider["operation"] == "channel rollout" && wider["warnings"] == [])
        let listed = try Self.run(["list", candidate, stable])
        #expect(listed.lines.count == 2 && listed.lines[1].hasPrefix("stable     1.1  50 %   until 9999-12-01"))
        #expect(try Self.json(["list", stable])["channels"]?.elements?.first?["newest"]?["sequence"]?.integer == 11)
        let reason = "It burns."
        let withdrawn = try Self.json(["withdraw", stable, "--version", "1.1", "--reason", reason])
        #expect(withdrawn["release"]?["withdrawn"]?.text == reason && withdrawn["warnings"]?.elements?.count == 1)
        let shown = try Self.run(["show", stable])
        #expect(
            shown.lines.dropFirst().map { $0 } == [
                "1.1  11  withdrawn: It burns.  oci://registry.example/os",
                "1.0  10  100 %                 oci://registry.example/os",
            ])
        let refused = try Self.run(["rollout", stable, "--version", "1.1", "--percent", "100"])
        #expect(refused.status == 2 && refused.remarks.contains("it was withdrawn: It burns."))
        #expect(try Self.run(["remove", stable, "--version", "1.0"]).status == 2)
        #expect(try Self.run(["remove", stable, "--version", "1.1"]).status == 0)
        #expect(try Self.read(stable).releases.map(\.version) == ["1.0"])
        let missing = try Self.run(["remove", stable, "--version", "1.2"])
        #expect(missing.status == 2 && missing.remarks.contains("Did you mean 1.0?"))
    }

    @Test func `an expired file is shown as what it is`() throws {
        let folder = try TestFolder()
        let old = ChannelDocument(
            name: "old", issued: try #require(UTCTime("2020-01-01T00:00:00Z")),
            expires: try #require(UTCTime("2020-02-01T00:00:00Z")), releases: [try Self.release("1.0", 10)])
        let path = folder.path("old.json")
        try Data(old.serialized()).write(to: URL(fileURLWithPath: path))
        let shown = try Self.run(["show", path])
        #expect(shown.status == 0 && shown.remarks.contains("it expired 2020-02-01T00:00:00Z"))
        #expect(try Self.json(["show", path])["expired"] == true)
        #expect(try Self.run(["list", path]).lines.first?.contains("expired 2020-02-01T00:00:00Z") == true)
        let explain = ["explain", path, "--machine-id", Self.machine, "--installed", "0"]
        let (lines, status, _) = try Self.run(explain)
        #expect(status == 1 && lines.dropFirst().first?.contains("The machine refuses") == true)
        let refused = try Self.json(explain, status: 1)
        #expect(refused["refusal"]?["kind"] == "channel-expired" && refused["takes"] == .null)
        #expect(try Self.json(explain + ["--now", "2020-01-31T23:59:59Z"])["takes"]?.integer == 10)
    }

    @Test func `what a machine makes of every release is said`() throws {
        let folder = try TestFolder()
        var (step, held, bad) = (try Self.release("3.0", 30), try Self.release("4.0", 40), try Self.release("5.0", 50))
        (step.minimumSequence, held.rollout, bad.withdrawn) = (20, 0, "It burns.")
        let path = try Self.write(
            [try Self.release("1.0", 10), try Self.release("2.0", 20), step, held, bad], "stable", in: folder)
        let explain = ["explain", path, "--machine-id", Self.machine, "--installed"]
        let share = MachineShare.share(machineID: Self.machine, release: held.digest)
        #expect(
            try Self.run(explain + ["1.0"]).lines.dropFirst() == [
                "The machine takes 2.0, on the way to a newer one.", "5.0  50  was withdrawn: It burns.",
                "4.0  40  is rolled out to shares below 0, and the machine's is \(share)",
                "3.0  30  needs sequence 20 first", "2.0  20  is taken first, for a newer one needs it",
                "1.0  10  is installed",
            ])
        let verdicts = try Self.json(explain + ["25"])["releases"]?.elements?.map { $0["verdict"]?.text }
        #expect(verdicts == ["withdrawn", "held", "taken", "older", "older"])
        #expect(try Self.run(explain + ["3.0"]).lines.dropFirst().first?.contains("4.0 is not rolled out") == true)
        let broken = try Self.run(explain + ["5.0"]).lines
        #expect(broken.contains("The machine takes nothing: there is nothing newer for it."))
        #expect(broken.contains("5.0  50  is installed, and was withdrawn: It burns."))
        #expect(try Self.json(explain + ["5.0", "--allow-downgrade"])["takes"]?.integer == 30)
        let unknown = try Self.run(explain + ["1.1"])
        #expect(unknown.status == 2 && unknown.remarks.contains("Did you mean 1.0?"))
        #expect(try Self.run(explain + ["1.0", "--agent", "0.1.0"]).status == 2, "nobody answers there")
    }

    @Test(
        arguments: [
            ("oci://r.example/os", "oci://r.example/os/channel:stable", "../os"),
            ("oci://r.example/os", "oci://r.example/channel", "./os"),
            ("oci://r.example/os", "oci://r.example/os:stable", nil),
            ("oci://r.example/os", "oci://other.example/os:stable", "oci://r.example/os"),
            ("../os", "oci://r.example/os:stable", "../os"), (nil, "oci://r.example/os:stable", nil),
        ] as [(String?, String, String?)])
    func `an image is named by its place beside the channel where it is in its registry`(
        reference: String?, destination: String, expected: String?
    ) throws {
        var release = try Self.release("1.0", 10)
        release.reference = reference
        let channel = ChannelDocument(
            name: "stable", issued: try #require(UTCTime("2026-11-01T00:00:00Z")),
            expires: try #require(UTCTime("2026-12-01T00:00:00Z")), releases: [release])
        let relative = try ChannelPublishCommand.relative(channel, to: try Destination(destination))
        #expect(relative.releases.map(\.reference) == [expected])
    }

    @Test func `a channel is not published in the place of another one, and what would be gone is said`() throws {
        let folder = try TestFolder()
        _ = try Tool.run(
            "openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", folder.path("key.pem")])
        _ = try Tool.run("openssl", ["ec", "-in", folder.path("key.pem"), "-pubout", "-out", folder.path("key.pub")])
        let stable = try Self.write([try Self.release("1.0", 10), try Self.release("1.1", 11)], "stable", in: folder)
        let other = try Self.write([try Self.release("1.0", 10)], "candidate", in: folder)
        let place = ["oci:\(folder.path("layout")):stable", "--key", folder.path("key.pem")]
        #expect(throws: ValidationError.self) { try Self.run(["publish", stable] + place + ["--relative"]) }
        #expect(try Self.run(["publish", stable] + place).status == 0)
        let again = try Self.run(["publish", stable] + place)
        #expect(again.status == 0 && !again.remarks.contains("warning"))
        let refused = try Self.run(["publish", other] + place)
        #expect(refused.status == 2 && refused.remarks.contains("the tag has the channel stable"))
        #expect(try Self.run(["remove", stable, "--version", "1.1", "--force"]).status == 0)
        #expect(try Self.run(["publish", stable] + place).remarks.contains("1.1 is published and not in the file"))
        let show = ["show", place[0], "--key", folder.path("key.pub")]
        let shown = try Self.json(show)
        #expect(shown["channel"] == "stable" && shown["signed"] == true && shown["expired"] == false)
        let revision = try #require(shown["digest"]?.text)
        #expect(try Self.run(show).lines[1].hasPrefix("revision \(revision), channel signed by "))
        #expect(try Self.run(["show", place[0], "--unsigned"]).lines[1].hasPrefix("revision \(revision), NOT SIGNED"))
        #expect(try Self.run(["publish", other] + place + ["--replace"]).status == 0)
        #expect(try Self.json(show)["channel"] == "candidate")
        _ = try Tool.run(
            "openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", folder.path("other.pem")])
        _ = try Tool.run(
            "openssl", ["ec", "-in", folder.path("other.pem"), "-pubout", "-out", folder.path("other.pub")])
        #expect(try Self.run(["show", place[0], "--key", folder.path("other.pub")]).status == 2)
    }

    @Test func `a published channel that has expired is shown, with the status of a failed check`() throws {
        let folder = try TestFolder()
        let key = try SigningKey()
        let old = ChannelDocument(
            name: "old", issued: try #require(UTCTime("2020-01-01T00:00:00Z")),
            expires: try #require(UTCTime("2020-02-01T00:00:00Z")), releases: [try Self.release("1.0", 10)])
        var layout = try LayoutTarget(.init(FilePath(folder.path("layout")), tag: "old"))
        let stored = try layout.storeChannel(old.serialized(), signedWith: key)
        try layout.tag(stored, as: "old")
        let place = ["oci:\(folder.path("layout")):old", "--unsigned"]
        let shown = try Self.run(["show"] + place)
        #expect(shown.status == 1 && shown.lines.count == 3 && shown.remarks.contains("it expired 2020-02-01"))
        let explain = ["explain"] + place + ["--machine-id", Self.machine, "--installed", "0"]
        #expect(try Self.json(explain, status: 1)["refusal"]?["kind"] == "channel-expired")
        #expect(try Self.json(explain + ["--now", "2020-01-15T00:00:00Z"])["takes"]?.integer == 10)
    }

    @Test func `an image in a layout is added without a place, which is that of the channel`() throws {
        let folder = try TestFolder()
        var layout = try LayoutTarget(.init(FilePath(folder.path("layout")), tag: "1"))
        let stored = try layout.storeChannel([1], signedWith: try SigningKey())
        try layout.tag(stored, as: "1")
        let stable = try Self.write([], "stable", in: folder)
        let add = ["add", stable, "oci:\(folder.path("layout")):1", "--sequence", "1"]
        #expect(throws: ValidationError.self) { try Self.run(add) }
        let added = try Self.run(add + ["--version", "1.0"])
        #expect(added.remarks.contains("1.0 is looked for where the channel is: publish stable into the same layout"))
        let release = try #require(try Self.read(stable).releases.first)
        #expect(release.reference == nil && release.digest == stored.digest && release.sequence == 1)
        #expect(throws: ValidationError.self) { try Self.run(["add", stable, "dir:\(folder.path("layout"))"]) }
    }

    @Test func `a channel of a thousand releases is changed and explained in seconds`() throws {
        let folder = try TestFolder()
        let releases = try (1...1000 as ClosedRange<Int64>).map { sequence in
            var release = try Self.release("\(sequence).0", sequence)
            release.minimumSequence = sequence - 1
            return release
        }
        let path = try Self.write(releases, "long", in: folder)
        let clock = ContinuousClock()
        let time = try clock.measure {
            let withdrawn = try Self.run(["withdraw", path, "--version", "500.0", "--reason", "It burns."])
            #expect(withdrawn.remarks.contains("machines that have 499.0 (sequence 499) would have no way"))
        }
        let explained = try clock.measure {
            let explain = ["explain", path, "--machine-id", Self.machine, "--installed", "1.0"]
            let lines = try Self.run(explain).lines
            #expect(lines[1] == "The machine takes 2.0, on the way to a newer one.")
        }
        #expect(time < .seconds(60) && explained < .seconds(10), "\(time) \(explained)")
    }

    @Test(arguments: 0..<4 as Range<UInt64>) func `explain says what the agent decides`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let folder = try TestFolder()
        for _ in 0..<60 {
            let sequences = Set((0..<6).map { _ in Int64.random(in: 0...9, using: &random) })
            let releases = try sequences.map { sequence in
                var release = try Self.release("\(sequence).0", sequence)
                if Bool.random(using: &random) { release.minimumSequence = .random(in: 0...9, using: &random) }
                release.rollout = [0, 25, 50, 100].randomElement(using: &random) ?? 100
                if Int.random(in: 0..<4, using: &random) == 0 { release.withdrawn = "bad" }
                return release
            }
            let path = try Self.write(releases, "drawn", in: folder)
            let machine = String((0..<32).compactMap { _ in "0123456789abcdef".randomElement(using: &random) })
            let (installed, allows) = (Int64.random(in: 0...9, using: &random), Bool.random(using: &random))
            let said = try Self.json(
                ["explain", path, "--machine-id", machine, "--installed", String(installed)]
                    + (allows ? ["--allow-downgrade"] : []))
            let choice = try Self.read(path).choice(
                installed: installed, machineID: machine, allowingDowngrade: allows)
            var expected: Int64?
            if case .release(let release, _) = choice { expected = release.sequence }
            #expect(said["takes"] == expected.map { .integer($0) } ?? .null, "\(releases) \(installed) \(machine)")
            let taken = said["releases"]?.elements?.filter { ["taken", "step"].contains($0["verdict"]?.text) }
            #expect(taken?.map { $0["sequence"]?.integer } == (expected.map { [$0] } ?? []))
        }
    }
}
