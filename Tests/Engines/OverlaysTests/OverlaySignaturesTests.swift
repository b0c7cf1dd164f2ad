import Faults
import Foundation
import ImageFolders
import OverlayPlanning
import Plans
import SystemPackage
import Testing

@testable import Overlays

@Suite("Signatures and root hashes beside overlays")
struct OverlaySignaturesTests {
    private static let hash = String(repeating: "ab", count: 32)

    /// A root with a key of its own, and a file with its policy that it has signed.
    private static let signing = """
        for k in own other; do openssl ecparam -name prime256v1 -genkey -noout -out $W/$k; done
        mkdir -p ../../usr/lib/lifeboot/keys
        openssl ec -in $W/own -pubout -out ../../usr/lib/lifeboot/keys/own.pem 2>/dev/null
        sign() { openssl dgst -sha256 -sign $W/own $1 | base64 -w0 > $1.sig; echo >> $1.sig; }
        """

    /// Keys and signatures made by openssl, as docs/trust.md has them.
    @Test(
        "a signature by an image key counts, and one by another does not", .enabled(if: TestedMachine.has("openssl")),
        arguments: [
            ("true", true), ("echo changed > 10-a.tar", false),
            ("openssl dgst -sha256 -sign $W/other 10-a.tar | base64 -w0 > 10-a.tar.sig", false),
            ("echo nonsense > 10-a.tar.sig", false),
        ])
    func signed(change: String, counts: Bool) throws {
        let fixture = try FixtureRoot(["/oem/overlays/10-a.tar": "x", "/oem/overlays/10-a.yaml": "required: true\n"])
        try fixture.shell("\(Self.signing); sign 10-a.tar; sign 10-a.yaml; \(change)")
        let scan = OverlayScan(OverlayRoot(fixture.root), SystemSeal(root: fixture.root))
        if counts {
            #expect(scan.candidates.map(\.protection) == [.signed(by: "own.pem")])
        } else {
            guard case .broken = scan.candidates.first?.protection else {
                return #expect(Bool(false), "\(scan.candidates)")
            }
        }
        #expect(scan.policies.map(\.isSigned) == [true])
        #expect(scan.isRequired(try #require(OverlayName("10-a")), isSealed: true))
    }

    @Test(
        "a sealed system takes a signed archive, and nothing that nobody signed", .enabled(if: TestedMachine.hasImages))
    func sealed() throws {
        let fixture = try FixtureRoot(["/usr/lib/lifeboot/sealed": ""])
        try fixture.shell(
            """
            \(Self.signing)
            mkdir -p usr/bin 30-c/usr; touch usr/bin/a; tar -cf 10-a.tar usr; tar -cf 20-b.tar usr; rm -r usr; sign 10-a.tar
            """)
        try fixture.stacked { outcome in
            #expect(outcome.decision?.entries.map(\.verdict.word) == ["stacked", "refused", "refused"])
            #expect(outcome.steps.filter { $0.step == "unpack-archive" || $0.step == "show-folder" }.count == 1)
            #expect(fixture.exists("/usr/bin/a"))
        }
    }

    @Test("an archive that is changed after it was checked is not unpacked", .enabled(if: TestedMachine.hasImages))
    func changed() throws {
        let fixture = try FixtureRoot()
        try fixture.shell(
            "\(Self.signing); mkdir usr; tar -cf 10-a.tar usr; sign 10-a.tar; tar --mtime=@0 -cf 10-a.tar usr")
        let (file, place) = (fixture.oem.appending("10-a.tar"), fixture.folder.appending("place"))
        var effects = LiveOverlayEffects(fixture.folder, OverlaySignatures(SystemSeal(root: fixture.root)))
        do {
            _ = try effects.perform(.unpack(file, mustBeSigned: true, into: place))
            Issue.record("it was unpacked")
        } catch let error as StackingError { #expect(error.kind == .trust) }
        #expect(!FileManager.default.fileExists(atPath: place.string))
        #expect(effects.failures[place] != nil)
    }

    @Test(
        "a hash tree must fit its root hash; nothing is mounted past it",
        .enabled(if: TestedMachine.has("veritysetup", "mksquashfs")))
    func verity() throws {
        let fixture = try FixtureRoot()
        try fixture.shell(
            """
            mkdir -p x/usr/lib/extension-release.d; echo ID=_any > x/usr/lib/extension-release.d/extension-release.a
            mksquashfs x 10-a.squashfs -quiet -no-progress > /dev/null; rm -r x
            veritysetup format 10-a.squashfs 10-a.verity > /dev/null; echo \(Self.hash) > 10-a.roothash
            """)
        try fixture.stacked { outcome in
            guard case .refused(let reason, endsBoot: false) = outcome.decision?.entries.first?.verdict else {
                return #expect(Bool(false), "\(outcome)")
            }
            #expect(reason.contains("activating verity over /dev/loop"), "\(reason)")
        }
        #expect(try fixture.loops().isEmpty)
    }

    @Test(
        "a root hash has 16 to 64 bytes in hexadecimal digits",
        arguments: [
            ("00ff", nil), (hash, 32), (" \(hash)\n", 32), (hash + "0", nil), (String(repeating: "0g", count: 32), nil),
            (String(repeating: "00", count: 65), nil), ("", nil),
        ] as [(String, Int?)])
    func rootHash(text: String, count: Int?) {
        let hash = try? RootHash.parse(Array(text.utf8), "/f")
        #expect(hash?.count == count)
    }

    @Test("its bytes are those that the digits say")
    func digits() throws {
        let text = "00ff10" + String(repeating: "A0", count: 13)
        #expect(try RootHash.parse(Array(text.utf8), "/f") == [0x00, 0xFF, 0x10] + [UInt8](repeating: 0xA0, count: 13))
    }
}
