import Testing

@testable import KernelModules

@Suite("Patterns of drivers")
struct AliasPatternTests {
    @Test(
        "a pattern is for the devices that depmod would give its module",
        arguments: [
            ("pci:v00001AF4d*sv*sd*bc*sc*i*", "pci:v00001AF4d00001001sv00001AF4sd00000002bc01sc00i00", true),
            ("pci:v00001AF4d*sv*sd*bc*sc*i*", "pci:v00001AF5d00001001sv00001AF4sd00000002bc01sc00i00", false),
            ("pci:v*d*sv*sd*bc01sc06i01*", "pci:v00008086d00002922sv00001AF4sd00001100bc01sc06i01", true),
            ("virtio:d00000002v*", "virtio:d00000002v00001AF4", true),
            ("virtio:d00000002v*", "virtio:d00000012v0", false),
            (
                "cpu:type:x86,ven*fam*mod*:feature:*0089*",
                "cpu:type:x86,ven0002fam0006mod0006:feature:,0000,0089,008D", true
            ),
            ("usb:v*p*d*dc[0-5]*", "usb:v1p2d3dc4", true), ("usb:v*p*d*dc[0-5]*", "usb:v1p2d3dc6", false),
            ("acpi*:[!A]X:*", "acpi:BX:", true), ("acpi*:[!A]X:*", "acpi:AX:", false), ("a[^b]c", "axc", true),
            ("crypto-sha256", "crypto_sha256", true), ("a?c", "a-c", true), ("a?c", "ac", false), ("*", "", true),
            ("", "a", false), ("a[bc", "a[bc", true), ("a[bc", "ab", false), ("a[]", "a[]", true),
            ("**a**", "xay", true),
            ("a*b*c", "a-b-b-c", true), ("a*b*c", "a-c-b", false), ("[a-", "[a-", true), ("x[z-a]", "xz", true),
        ])
    func matches(pattern: String, alias: String, isMatch: Bool) {
        #expect(AliasPattern(pattern).matches(alias) == isMatch)
    }

    @Test("what stands for one text only says so, normalized")
    func literal() {
        #expect(AliasPattern("mmc:block").literal == "mmc:block")
        #expect(AliasPattern("crypto-crc32c").literal == "crypto_crc32c")
        #expect(AliasPattern("virtio:d1v*").literal == nil && AliasPattern("a[b]").literal == nil)
    }
}
