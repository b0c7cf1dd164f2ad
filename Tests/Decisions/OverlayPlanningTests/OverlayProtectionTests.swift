import Testing

@testable import OverlayPlanning

@Suite("What keeps overlays from being changed")
struct OverlayProtectionTests {
    @Test(
        "a machine that is not sealed takes what nobody signed, but not what does not fit its signature",
        arguments: [
            (.none, nil), (.image, nil), (.signed(by: "k"), nil), (.verity(signedBy: nil), nil),
            (.verity(signedBy: "k"), nil), (.broken("the tree does not fit"), "the tree does not fit"),
            (.unchecked("no key"), "it could not be checked: no key"),
        ] as [(OverlayProtection, String?)])
    func open(protection: OverlayProtection, refusal: String?) {
        for form in OverlayForm.allCases { #expect(protection.refusal(form, isSealed: false) == refusal) }
    }

    @Test(
        "a sealed machine takes signed archives, images with a signed root hash, and what is in its image",
        arguments: [
            (.image, [.folder, .tar, .compressedTar, .raw, .squashfs, .erofs]),
            (.signed(by: "k"), [.tar, .compressedTar]),
            (.verity(signedBy: "k"), OverlayForm.allCases), (.verity(signedBy: nil), []), (.none, []),
            (.broken("b"), []), (.unchecked("u"), []),
        ] as [(OverlayProtection, [OverlayForm])])
    func sealed(protection: OverlayProtection, taken: [OverlayForm]) {
        #expect(OverlayForm.allCases.filter { protection.refusal($0, isSealed: true) == nil } == taken)
    }

    @Test(
        "the refusal says what is missing",
        arguments: [
            (.none, .folder, "a folder cannot be signed"), (.none, .raw, "no image key has signed it"),
            (.signed(by: "k"), .raw, "only with dm-verity"), (.verity(signedBy: nil), .raw, "signed its root hash"),
            (.signed(by: "k"), .folder, "a folder cannot be signed"), (.none, .tar, "no image key has signed it"),
        ] as [(OverlayProtection, OverlayForm, String)])
    func words(protection: OverlayProtection, form: OverlayForm, words: String) throws {
        let reason = try #require(protection.refusal(form, isSealed: true))
        #expect(reason.hasPrefix("this system is sealed, and"))
        #expect(reason.contains(words))
    }
}
