import Foundation

/// A machine to emulate.
struct GuestConfiguration: Sendable {
    /// The firmware that loads GRUB.
    enum Firmware: String, CaseIterable, Sendable {
        /// SeaBIOS.
        case bios
        /// OVMF, without secure boot.
        case uefi
    }

    /// What a disk is attached to.
    enum Controller: String, CaseIterable, Sendable {
        case virtioBlock, virtioSCSI, nvme, ahci, usbStorage, usbAttachedSCSI, sdCard

        /// QEMU's arguments for the disk of a drive.
        func arguments(_ drive: String, _ options: String) -> [String] {
            switch self {
            case .virtioBlock: ["-device", "virtio-blk-pci,drive=\(drive)\(options)"]
            case .virtioSCSI:
                ["-device", "virtio-scsi-pci,id=scsi", "-device", "scsi-hd,bus=scsi.0,drive=\(drive)\(options)"]
            case .nvme: ["-device", "nvme,serial=lifeboot,drive=\(drive)\(options)"]
            case .ahci: ["-device", "ide-hd,bus=ide.0,drive=\(drive)\(options)"]
            case .usbStorage:
                ["-device", "qemu-xhci,id=xhci", "-device", "usb-storage,bus=xhci.0,drive=\(drive)\(options)"]
            case .usbAttachedSCSI:
                [
                    "-device", "qemu-xhci,id=xhci", "-device", "usb-uas,id=uas,bus=xhci.0", "-device",
                    "scsi-hd,bus=uas.0,drive=\(drive)\(options)",
                ]
            case .sdCard: ["-device", "sdhci-pci", "-device", "sd-card,drive=\(drive)"]
            }
        }
    }

    /// What a person types on.
    enum Keyboard: String, CaseIterable, Sendable {
        /// The PC's own, which every machine has.
        case ps2
        case usb
        /// A terminal at the other end of the serial console.
        case serial
    }

    /// A kernel that QEMU loads itself, past firmware and GRUB.
    struct DirectKernel: Sendable {
        /// The path of the kernel.
        var kernel: String
        /// The path of the initramfs.
        var initrd: String
        /// The kernel command line; the serial console is added, and no_timer_check as in `guest/build-system`.
        var arguments: String
    }

    var firmware = Firmware.bios
    /// Whether UEFI starts only what keys of Microsoft have signed.
    var hasSecureBoot = false
    /// The disks in the order in which they are attached; each is `/dev/vda`, `/dev/vdb` and so on.
    var disks: [DiskImage] = []
    /// The serial numbers of the first of `disks`, where they hang on virtio; the others show none.
    var serials: [String] = []
    /// Which of `disks` the firmware boots from.
    var bootDisk = 0
    /// An image of a disc in a drive of its own, `/dev/sr0`.
    var disc: String?
    /// What the boot disk is attached to; the others are virtio's.
    var controller = Controller.virtioBlock
    /// Whether the boot disk is there but not attached, for `Guest.attachDisk()`, behind a USB controller.
    var attachesLater = false
    /// Which of `disks` answer as slowly as a dying disk does, 4 KiB a second.
    var dyingDisks: Set<Int> = []
    /// In MiB.
    var memory = 1024
    /// What QEMU calls the processor; this one has no random numbers of its own, as old and small ones have not.
    var processor = "qemu64"
    /// How many processors there are.
    var processorCount = 1
    /// Whether there is a hardware watchdog, Intel's i6300esb.
    var hasWatchdog = false
    var keyboard = Keyboard.ps2
    var directKernel: DirectKernel?
    /// A sector of the boot disk that cannot be written, as on a worn-out disk.
    var unwritableSector: UInt64?
    /// Where to record every write to the boot disk, as a `BlockLog`; the disk then has a cache that the guest flushes.
    var blockLog: String?
    /// Whether there is a network card, behind which the host is 10.0.2.2.
    var hasNetwork = false
    /// The address of a script that the iPXE of the network card starts before any disk.
    var networkBoot: String?
    /// Whether the guest's clock counts instructions, 500 million a second, and not the time of a busy host.
    var countsInstructions = false
    /// The cloud that the guest is to believe in, which brings a network card, too.
    var cloud: EmulatedCloud?

    /// QEMU's arguments; files that belong to this run are in `directory`.
    func arguments(in directory: String) throws -> [String] {
        var arguments = [
            "-nodefaults", "-no-user-config", "-display", "none", "-vga", "std", "-machine",
            hasSecureBoot ? "q35,vmport=off,smm=on" : "q35,vmport=off",
            "-cpu", processor, "-smp", String(processorCount), "-m", String(memory),
            "-chardev", serialLine(in: directory), "-serial", "chardev:serial",
            "-chardev", "socket,id=qmp,path=\(directory)/qmp", "-mon", "chardev=qmp,mode=control",
            "-device", "virtio-serial-pci", "-chardev", "socket,id=channel,path=\(directory)/channel",
            "-device", "virtserialport,chardev=channel,name=org.lifeboot.test",
        ]
        arguments += countsInstructions ? Self.instructionClock : ["-accel", Self.accelerator]
        for (index, disk) in disks.enumerated() {
            if index == bootDisk, let blockLog {
                arguments += try recorded(disk, index, in: blockLog)
                continue
            }
            let speed = dyingDisks.contains(index) ? ",throttling.bps-total=4096" : ""
            arguments += [
                "-drive", "\(try source(of: disk, index, directory)),if=none,id=disk\(index),cache=unsafe\(speed)",
            ]
            if index == bootDisk, attachesLater {
                arguments += ["-device", "qemu-xhci,id=xhci"]
                continue
            }
            if index == bootDisk, controller != .virtioBlock {
                arguments += controller.arguments("disk\(index)", bootOrder(of: index))
                continue
            }
            let sectors = "logical_block_size=\(disk.sectorSize),physical_block_size=\(disk.sectorSize)"
            let serial = index < serials.count ? ",serial=\(serials[index])" : ""
            arguments += ["-device", "virtio-blk-pci,drive=disk\(index),\(sectors)" + serial + bootOrder(of: index)]
        }
        if let disc {
            arguments += ["-drive", "file=\(disc),format=raw,if=none,id=disc,media=cdrom,readonly=on"]
            arguments += [
                "-device", "ide-cd,bus=ide.1,drive=disc,id=drive" + (directKernel == nil ? ",bootindex=1" : ""),
            ]
        }
        if let networkBoot {
            arguments += ["-netdev", "user,id=net,bootfile=\(networkBoot)"]
            arguments += ["-device", "virtio-net-pci,netdev=net,bootindex=0"]
        } else if hasNetwork || cloud != nil {
            let network = try cloud?.network(in: directory) ?? "user"
            arguments += ["-netdev", "\(network),id=net", "-device", "virtio-net-pci,netdev=net,romfile="]
        }
        if let cloud { arguments += ["-smbios", cloud.firmware] }
        if hasWatchdog { arguments += ["-device", "i6300esb", "-action", "watchdog=reset"] }
        if firmware == .uefi { arguments += try uefiArguments(in: directory) }
        if keyboard == .usb { arguments += ["-device", "qemu-xhci,id=keys", "-device", "usb-kbd,bus=keys.0"] }
        if let directKernel {
            arguments += ["-kernel", directKernel.kernel, "-initrd", directKernel.initrd]
            arguments += ["-append", "console=ttyS0 no_timer_check " + directKernel.arguments]
        }
        return arguments
    }

    /// What the guest says there is in `serial.log`; somebody types on it where there is a terminal.
    private func serialLine(in directory: String) -> String {
        let log = "\(directory)/serial.log"
        return keyboard == .serial
            ? "socket,id=serial,path=\(directory)/serial,logfile=\(log)" : "file,id=serial,path=\(log)"
    }

    /// Emulation, as everywhere these tests run; another accelerator is for whoever looks for a fault by hand.
    private static let accelerator =
        ProcessInfo.processInfo.environment["LIFEBOOT_MACHINE_ACCEL"] ?? "tcg,thread=multi,tb-size=256"

    /// An instruction takes two nanoseconds, whatever else the host does meanwhile.
    private static let instructionClock = ["-accel", "tcg,thread=single", "-icount", "shift=1"]

    /// The disk itself, or the disk behind QEMU's blkdebug, which fails writes to one sector.
    private func source(of disk: DiskImage, _ index: Int, _ directory: String) throws -> String {
        guard index == bootDisk, let unwritableSector else { return "file=\(disk.path),format=\(disk.format)" }
        let rules =
            "[inject-error]\nevent = \"none\"\niotype = \"write\"\nerrno = \"5\"\nsector = \"\(unwritableSector)\"\n"
        try rules.write(toFile: "\(directory)/blkdebug", atomically: true, encoding: .utf8)
        return "driver=blkdebug,config=\(directory)/blkdebug,image.driver=\(disk.format),"
            + "image.file.filename=\(disk.path)"
    }

    /// The disk behind QEMU's blklogwrites.
    ///
    /// What is below never waits for the host's disk, but the log sees every flush.
    private func recorded(_ disk: DiskImage, _ index: Int, in log: String) throws -> [String] {
        guard FileManager.default.createFile(atPath: log, contents: nil) else {
            throw MachineError("record the writes to \(disk.path)", "\(log) cannot be made")
        }
        let file = "driver=file,filename=\(disk.path),node-name=file\(index),cache.no-flush=on"
        let image = "driver=\(disk.format),file=file\(index),node-name=image\(index),cache.no-flush=on"
        let recorder = "driver=blklogwrites,file=image\(index),log.driver=file,log.filename=\(log),log-sector-size=512"
        return [
            "-blockdev", file, "-blockdev", image, "-blockdev", "\(recorder),node-name=disk\(index)",
            "-device", "virtio-blk-pci,drive=disk\(index),write-cache=on" + bootOrder(of: index),
        ]
    }

    /// A kernel that QEMU loads is first by itself, and a network that the firmware boots from has its number.
    private func bootOrder(of index: Int) -> String {
        index == bootDisk && directKernel == nil && networkBoot == nil ? ",bootindex=0" : ""
    }

    private func uefiArguments(in directory: String) throws -> [String] {
        let variables = "\(directory)/variables.fd"
        let kind = hasSecureBoot ? "4M.ms" : "4M"
        try FileManager.default.copyItem(atPath: "/usr/share/OVMF/OVMF_VARS_\(kind).fd", toPath: variables)
        // Only the firmware itself, in its own mode of the processor, may write the variables.
        let guarded = hasSecureBoot ? ["-global", "driver=cfi.pflash01,property=secure,value=on"] : []
        return guarded + [
            "-drive", "if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_\(kind).fd",
            "-drive", "if=pflash,format=raw,unit=1,file=\(variables)",
        ]
    }
}
