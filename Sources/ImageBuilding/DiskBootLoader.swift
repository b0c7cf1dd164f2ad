import Filesystems
import GrubEnvironment
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Makes the boot partition and installs GRUB for both firmwares, without mounting anything.
struct DiskBootLoader {
    let disk: FilePath
    let layout: DiskLayout
    let identity: DiskIdentity
    let tools: DiskTools
    let staging: FilePath
    let grubDirectory: FilePath

    /// Makes the FAT filesystem with GRUB's configuration, its UEFI program and both copies of the boot environment.
    func makeBootPartition(configuration: FilePath, environment: BootEnvironment) throws {
        guard let boot = layout[.boot] else { return }
        var format = FATFormat(label: boot.name.label, size: boot.size)
        format.identifier = identity.volume(.boot)
        format.offset = boot.offset
        format.isReproducible = true
        try format.make(on: disk, tools: tools.filesystems)
        let program = try makeCore("x86_64-efi", GrubModules.efi)
        let block = staging.appending("boot.env")
        try AtomicFile.write(environment.serialized(), to: block)
        let volume = "\(disk)@@\(boot.offset)"
        try tools.run("mmd", ["-i", volume, "::/EFI", "::/EFI/BOOT", "::/grub", "::/lifeboot"])
        // The boot environment first: it must lie where nothing ever moves it.
        for (source, target) in [
            (block, "/lifeboot/boot.env"), (block, "/lifeboot/boot.bak"), (configuration, "/grub/grub.cfg"),
            (program, "/EFI/BOOT/BOOTX64.EFI"),
        ] {
            try tools.run("mcopy", ["-i", volume, source.string, "::\(target)"])
        }
    }

    /// Writes GRUB's boot sector and its core image, which BIOS loads.
    func installForBIOS() throws {
        guard let bios = layout[.bios] else { return }
        let core = try FileBytes.read(try makeCore("i386-pc", GrubModules.bios), limit: Int(bios.size))
        let bootImage = try FileBytes.read(grubDirectory.appending("i386-pc/boot.img"), limit: 512)
        let sector = UInt64(bios.offset / DiskLayout.sectorSize)
        let file = try DiskFile(disk)
        let protective = try file.read(Int(DiskLayout.sectorSize), at: 0)
        try file.write(try GrubBootCode.core(core, coreSector: sector, limit: Int(bios.size)), at: bios.offset)
        try file.write(try GrubBootCode.bootSector(bootImage, over: protective, coreSector: sector), at: 0)
    }

    /// Makes GRUB's core image for a platform, with every module that the configuration uses.
    private func makeCore(_ platform: String, _ modules: [String]) throws -> FilePath {
        let output = staging.appending("core.\(platform)")
        try tools.run(
            "grub-mkimage",
            [
                "-O", platform, "-d", grubDirectory.appending(platform).string, "-p", GrubModules.prefix,
                "-o", output.string,
            ] + modules)
        return output
    }
}
