import ImageFolders
import OverlayPlanning
import SystemPackage
import Testing

@testable import Overlays

@Suite("Reading the folders of overlays")
struct OverlayScanTests {
    private func scan(_ files: [String: String], _ script: String = "true") throws -> OverlayScan {
        let fixture = try FixtureRoot(files)
        try fixture.shell(script)
        return OverlayScan(OverlayRoot(fixture.root), SystemSeal(root: fixture.root))
    }

    @Test("overlays of both folders are found, with what is nothing")
    func both() throws {
        let scan = try scan(
            ["/system/oem/overlays/10-a/usr/x": "", "/oem/overlays/10-a.raw": "", "/oem/overlays/notes": ""])
        #expect(
            scan.candidates.map(\.source.path.string) == ["/system/oem/overlays/10-a", "/oem/overlays/10-a.raw"])
        #expect(scan.candidates.map(\.protection) == [.image, .none])
        #expect(scan.candidates.allSatisfy { $0.contents == .unreadable(OverlayScan.unopened) })
        #expect(scan.remarks.count == 1)
    }

    @Test("what is being added is not seen")
    func hidden() throws {
        #expect(try scan(["/oem/overlays/.10-a.raw.new": ""]).isEmpty)
    }

    @Test("a link is not taken, and said", arguments: ["10-a", "10-a.raw"])
    func links(name: String) throws {
        let scan = try scan([:], "ln -s $W \(name)")
        #expect(scan.candidates == [])
        #expect(scan.remarks.count == 1 && scan.remarks[0].hasSuffix("put what it leads to there"))
    }

    @Test(
        "a policy is read, and a wrong one says whether its overlay is required",
        arguments: [
            ("required: true\n", true), ("required: false\n", false), ("", false),
        ])
    func policies(text: String, isRequired: Bool) throws {
        let scan = try scan(["/oem/overlays/10-a.yaml": text])
        let name = try #require(OverlayName("10-a"))
        guard case .policy(let policy) = scan.policies.first?.contents else { return #expect(Bool(false), "it is one") }
        #expect(policy.isRequired == isRequired)
        #expect(scan.isRequired(name, isSealed: false) == isRequired)
        #expect(!scan.isRequired(name, isSealed: true), "nobody has signed it")
    }

    @Test(
        "a wrong policy says what is wrong, and whether it means that its overlay is required",
        arguments: [
            ("required: true\nnever: 1\n", true), ("never: 1\n", false), ("a: [\n", false),
        ])
    func wrong(text: String, saysRequired: Bool) throws {
        let scan = try scan(["/oem/overlays/10-a.yaml": text])
        guard case .wrong(let reason, saysRequired) = scan.policies.first?.contents else {
            return #expect(Bool(false), "\(scan.policies)")
        }
        #expect(!reason.isEmpty)
    }

    @Test("OEM's policy goes before the image's")
    func order() throws {
        let scan = try scan([
            "/oem/overlays/10-a.yaml": "required: false\n", "/system/oem/overlays/10-a.yaml": "required: true\n",
        ])
        let name = try #require(OverlayName("10-a"))
        #expect(!scan.isRequired(name, isSealed: false))
        #expect(scan.isRequired(name, isSealed: true))
    }

    private static let hash = String(repeating: "ab", count: 32)

    @Test(
        "a root hash without a tree, or the reverse, is broken",
        arguments: [
            ([".verity": ""], "no root hash"), ([".roothash": hash], "no hash tree"),
            ([".verity": "", ".roothash": "nonsense"], "not a root hash"),
        ])
    func verity(beside: [String: String], words: String) throws {
        var files = ["/oem/overlays/10-a.raw": ""]
        for (suffix, text) in beside { files["/oem/overlays/10-a\(suffix)"] = text }
        guard case .broken(let reason) = try scan(files).candidates.first?.protection else {
            return #expect(Bool(false), "it is broken")
        }
        #expect(reason.contains(words))
    }

    @Test("a root hash that nobody signed is one all the same")
    func unsigned() throws {
        let files = ["10-a.raw": "", "10-a.verity": "", "10-a.roothash": Self.hash + "\n"]
        let scan = try scan(Dictionary(uniqueKeysWithValues: files.map { ("/oem/overlays/\($0)", $1) }))
        #expect(scan.candidates.map(\.protection) == [.verity(signedBy: nil)])
        #expect(scan.remarks == [])
    }

    @Test("a signature is checked on any machine; without keys nobody can")
    func noKeys() throws {
        let scan = try scan(["/oem/overlays/10-a.tar": "", "/oem/overlays/10-a.tar.sig": "AAAA\n"])
        guard case .unchecked(let reason) = scan.candidates.first?.protection else {
            return #expect(Bool(false), "\(scan.candidates)")
        }
        #expect(reason.contains("there is no key"))
    }
}
