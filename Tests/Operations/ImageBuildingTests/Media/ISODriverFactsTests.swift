import Foundation
import ImagePlanning
import SystemPackage
import Testing

@testable import ImageBuilding

@Suite(
    "Drivers of an image",
    .enabled(if: hasImageTools && FileManager.default.isExecutableFile(atPath: "/usr/bin/cpio")))
struct ISODriverFactsTests {
    /// Modules of all ways to start but the network's, half of them built in, and an initramfs with some of them.
    private static let image = """
        modules=usr/lib/modules/6.1-2
        mkdir -p $modules/kernel/drivers; cd $modules/kernel/drivers
        touch isofs.ko.xz sr_mod.ko sd_mod.ko usb-storage.ko.zst xhci-pci.ko; cd - >/dev/null
        printf 'kernel/drivers/%s.ko\\n' cdrom vfat nls_cp437 > $modules/modules.builtin
        mkdir -p ../initrd/$modules; cd ../initrd
        touch $modules/isofs.ko $modules/sr-mod.ko $modules/sd_mod.ko $modules/usb-storage.ko
        find . | cpio -o -H newc --quiet > ../root/boot/initrd.img-6.1-2; cd ../root
        """

    @Test("are read from root, kernel and initramfs, whatever is between the words of a name")
    func drivers() throws {
        let yard = try ImageYard(Self.image)
        try yard.build { $0.allowedChecks = Set(ImageChecks.all.map(\.name)) }
        #expect(
            ISODriverFacts.warnings(of: try DiskImageSource(yard.file("out"))) == [
                "The initramfs lacks xhci_pci, so it does not start from a USB stick. Make it with lifeboot_live=yes.",
                "The kernel lacks libnvdimm, nd_pmem, nfit, so it does not start from the network, by UEFI. "
                    + "Take a kernel that has them.",
            ])
    }

    @Test("that cannot be looked at are not missing")
    func unknown() throws {
        let yard = try ImageYard(Self.image + "\nprintf nothing > boot/initrd.img-6.1-2")
        try yard.build { $0.allowedChecks = Set(ImageChecks.all.map(\.name)) }
        let warnings = ISODriverFacts.warnings(of: try DiskImageSource(yard.file("out")))
        #expect(warnings.count == 2 && warnings[1].hasPrefix("The drivers of the initramfs could not be looked at: "))
    }
}
