import Testing

@testable import OverlayPlanning

@Suite("Whether an extension fits a system")
struct ExtensionReleaseTests {
    static let debian = "ID=debian\nVERSION_ID=12"

    private static func mismatch(
        _ kind: ExtensionKind, _ own: String, host: String = debian, _ architecture: String = "x86-64"
    ) throws -> String? {
        try ExtensionRelease(kind, ReleaseText(parsing: Array(own.utf8)))
            .mismatch(host: ReleaseText(parsing: Array(host.utf8)), architecture: architecture)
    }

    @Test(
        "it fits",
        arguments: [
            (.sysext, "ID=_any", debian), (.sysext, "ID=_any\nVERSION_ID=99\nSYSEXT_LEVEL=9", debian),
            (.sysext, "ID=debian\nVERSION_ID=12", debian),
            (.sysext, "ID=debian\nVERSION_ID=12\nSYSEXT_LEVEL=3", debian),
            (.sysext, "ID=debian\nSYSEXT_LEVEL=2", "ID=debian\nVERSION_ID=12\nSYSEXT_LEVEL=2"),
            (.sysext, "ID=debian\nSYSEXT_LEVEL=2\nVERSION_ID=11", "ID=debian\nVERSION_ID=12\nSYSEXT_LEVEL=2"),
            (.sysext, "ID=debian\nVERSION_ID=12", "ID=debian\nVERSION_ID=12\nSYSEXT_LEVEL=2"),
            (.sysext, "ID=arch", "ID=arch"), (.sysext, "ID=arch\nVERSION_ID=1", "ID=arch\nVERSION_ID=\n"),
            (.sysext, "ID=arch", "ID=arch\nSYSEXT_LEVEL=2"), (.sysext, "ID=_any\nARCHITECTURE=_any", debian),
            (.sysext, "ID=_any\nARCHITECTURE=x86-64", debian), (.sysext, "ID=_any\nARCHITECTURE=", debian),
            (.sysext, "ID=_any\nSYSEXT_SCOPE=system", debian),
            (.sysext, "ID=_any\nSYSEXT_SCOPE='portable  system'", debian),
            (.sysext, "ID=_any\nCONFEXT_SCOPE=initrd", debian),
            (.confext, "ID=debian\nCONFEXT_LEVEL=2", "ID=debian\nVERSION_ID=12\nCONFEXT_LEVEL=2\nSYSEXT_LEVEL=3"),
            (.confext, "ID=_any\nSYSEXT_SCOPE=initrd", debian),
        ] as [(ExtensionKind, String, String)])
    func fits(kind: ExtensionKind, own: String, host: String) throws {
        #expect(try Self.mismatch(kind, own, host: host) == nil)
    }

    @Test(
        "it does not fit, and both values are named",
        arguments: [
            (.sysext, "ID=fedora\nVERSION_ID=12", debian, "it is for fedora (ID), and this system is debian"),
            (.sysext, "ID=debian\nVERSION_ID=11", debian, "it is for VERSION_ID 11, and this system has 12"),
            (
                .sysext, "ID=debian", debian,
                "it does not say for which version it is (VERSION_ID), and this system has 12"
            ),
            (.sysext, "VERSION_ID=12", debian, "it does not say for which system it is (ID), and this one is debian"),
            (.sysext, "ID=", debian, "it does not say for which system it is (ID), and this one is debian"),
            (.sysext, "# nothing", debian, "its extension-release says nothing"),
            (
                .sysext, "ID=debian\nSYSEXT_LEVEL=3\nVERSION_ID=12", "ID=debian\nVERSION_ID=12\nSYSEXT_LEVEL=2",
                "it is for SYSEXT_LEVEL 3, and this system has 2"
            ),
            (
                .confext, "ID=debian\nCONFEXT_LEVEL=3\nSYSEXT_LEVEL=2",
                "ID=debian\nVERSION_ID=12\nCONFEXT_LEVEL=2\nSYSEXT_LEVEL=2",
                "it is for CONFEXT_LEVEL 3, and this system has 2"
            ),
            (
                .sysext, "ID=_any\nARCHITECTURE=arm64", debian,
                "it is for arm64 (ARCHITECTURE), and this machine is x86-64"
            ),
            (
                .sysext, "ID=_any\nSYSEXT_SCOPE='initrd portable'", debian,
                "it is for initrd and portable (SYSEXT_SCOPE), and this is a system"
            ),
            (.sysext, "ID=_any\nSYSEXT_SCOPE=", debian, "it is for nothing (SYSEXT_SCOPE), and this is a system"),
            (
                .confext, "ID=_any\nCONFEXT_SCOPE=initrd", debian,
                "it is for initrd (CONFEXT_SCOPE), and this is a system"
            ),
            (.sysext, "ID=_any", "VERSION_ID=12", "the os-release of this system has no ID to compare with"),
            (
                .sysext, "ID=debian\nVERSION_ID=12", "ID=ubuntu\nID_LIKE=debian\nVERSION_ID=12",
                "it is for debian (ID), and this system is ubuntu"
            ),
        ] as [(ExtensionKind, String, String, String)])
    func mismatches(kind: ExtensionKind, own: String, host: String, reason: String) throws {
        #expect(try Self.mismatch(kind, own, host: host) == reason)
    }

    @Test("the machine type is compared in systemd's spelling", arguments: [("arm64", nil), ("amd64", "x86-64")])
    func architecture(oci: String, other: String?) throws {
        let name = SystemdArchitecture.name(ofOCI: oci)
        #expect(name == other ?? oci)
        #expect(try Self.mismatch(.sysext, "ID=_any\nARCHITECTURE=\(name)", host: Self.debian, name) == nil)
        #expect(try Self.mismatch(.sysext, "ID=_any\nARCHITECTURE=riscv64", host: Self.debian, name) != nil)
    }

    @Test("what an extension extends is its kind's")
    func kinds() {
        #expect(ExtensionKind.sysext.hierarchies == [.usr, .opt])
        #expect(ExtensionKind.confext.hierarchies == [.etc])
        #expect(ExtensionKind.confext.folder == "/etc/extension-release.d")
    }
}
