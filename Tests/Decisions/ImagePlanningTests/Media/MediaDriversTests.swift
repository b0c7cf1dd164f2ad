import Testing

@testable import ImagePlanning

@Suite("Drivers for starting from a medium")
struct MediaDriversTests {
    private static let all = Set(MediaDrivers.ways.flatMap(\.modules))

    @Test("of an image that has all are nothing to talk about")
    func whole() {
        #expect(MediaDrivers(kernel: .known(Self.all), initramfs: .known(Self.all)).warnings.isEmpty)
    }

    @Test("that a kernel lacks are named with what it does not start from, once")
    func kernel() {
        let without = Self.all.subtracting(["usb_storage", "xhci_pci"])
        #expect(
            MediaDrivers(kernel: .known(without), initramfs: .known(without)).warnings == [
                "The kernel lacks usb_storage, xhci_pci, so it does not start from a USB stick. Take a kernel that has them."
            ])
    }

    @Test("that only the initramfs lacks are told apart, for there they can be added")
    func initramfs() {
        #expect(
            MediaDrivers(kernel: .known(Self.all), initramfs: .known(Self.all.subtracting(["sr_mod"]))).warnings == [
                "The initramfs lacks sr_mod, so it does not start from a CD. Make it with lifeboot_live=yes."
            ])
    }

    @Test("that nobody could look at are not said to be missing")
    func unknown() {
        #expect(
            MediaDrivers(kernel: .unknown("it is cut"), initramfs: .known([])).warnings == [
                "The drivers of the kernel could not be looked at: it is cut."
            ])
        #expect(
            MediaDrivers(kernel: .known(Self.all), initramfs: .unknown("it is empty")).warnings == [
                "The drivers of the initramfs could not be looked at: it is empty."
            ])
    }
}
