import SystemPackage
import Testing

@testable import SystemLayout

@Suite("Device reference")
struct DeviceReferenceTests {
    @Test(
        "every form is read and written back",
        arguments: [
            ("PARTUUID=ABCD-01", "PARTUUID=abcd-01"), ("LABEL=\"my disk\"", "LABEL=my disk"),
            ("UUID=1234-ABCD", "UUID=1234-ABCD"), ("PARTLABEL=state", "PARTLABEL=state"),
            ("/dev/vda3", "/dev/vda3"), ("/dev/disk/by-label/my\\x20disk", "LABEL=my disk"),
            ("/dev/disk/by-partuuid/AA", "PARTUUID=aa"), ("LABEL=a=b", "LABEL=a=b"),
            ("/dev/disk/by-label/a\\xzz", "LABEL=a\\xzz"), ("/dev/disk/by-id/x", "/dev/disk/by-id/x"),
        ])
    func roundTrip(text: String, expected: String) throws {
        #expect(try DeviceReference(parsing: text).description == expected)
    }

    @Test(
        "what names no device is refused with a reason",
        arguments: [
            ("", DeviceReferenceError.Reason.unknownForm), ("LABEL=", .empty), ("LABEL=\"\"", .empty),
            ("label=x", .unknownForm), ("/etc/passwd", .outsideDev), ("/dev/../etc/passwd", .outsideDev),
            ("/dev", .outsideDev), ("LABEL=a\nb", .badCharacters), ("/dev/disk/by-uuid/", .empty),
        ])
    func refused(text: String, reason: DeviceReferenceError.Reason) {
        #expect(throws: DeviceReferenceError(text.hasPrefix("/dev/disk") ? "UUID=" : text, reason)) {
            try DeviceReference(parsing: text)
        }
    }
}
