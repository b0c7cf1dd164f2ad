import LinuxSystem
import SystemPackage

/// Tells media that can be taken out.
package enum RemovableMedia {
    /// Whether a device, or the disk that it is a partition of, is one that can be taken out: a disc, a stick, a card.
    ///
    /// The kernel calls a drive removable whose medium can be (sysfs, `removable`); what hangs on USB can be pulled as a
    /// whole, and cards of MMC say `SD`.
    ///
    /// - Throws: `BlockDeviceError` when sysfs cannot be read.
    package static func contains(_ device: BlockDevice) throws(BlockDeviceError) -> Bool {
        let link = FilePath("/sys/dev/block/\(device.major):\(device.minor)")
        return try contains(device.disk == nil ? link : link.appending(".."), SysfsBlock())
    }

    /// The same of a whole disk, by its folder in sysfs.
    static func contains(_ folder: FilePath, _ sysfs: SysfsBlock) throws(BlockDeviceError) -> Bool {
        if try sysfs.text(folder.appending("removable"))?.hasPrefix("1") == true { return true }
        if try sysfs.text(folder.appending("device/type"))?.hasPrefix("SD") == true { return true }
        return try isBehindUSB(folder)
    }

    /// Whether a controller of USB is among the devices that it hangs on.
    private static func isBehindUSB(_ folder: FilePath) throws(BlockDeviceError) -> Bool {
        do throws(SystemError) {
            return try DirectoryHandle(root: folder).realPath.components.contains { component in
                let name = component.string.utf8
                return name.starts(with: "usb".utf8)
                    && name.dropFirst(3).first.map { (0x30...0x39).contains($0) } == true
            }
        } catch { throw .list(folder, error) }
    }
}
