import Filesystems
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Makes GRUB for both firmwares, with its configuration in the tree of the medium and in the image that UEFI reads.
///
/// Some firmware hands GRUB the image as its disk when it boots from a stick, some the whole medium.
struct ISOBootLoader {
    /// The programs' paths for UEFI and the configuration's, in both places.
    static let (loader, configuration) = (GrubPlaces.loader, "/boot/grub/grub.cfg")
    private static let label = "LB_EFI"

    let menu: MediaMenu
    let grubDirectory: FilePath
    let tools: FilesystemTools
    let staging: FilePath
    let volumeIdentifier: String

    /// The folder with GRUB's core for BIOS at its place: xorriso wants to see it before all other files.
    var tree: FilePath { staging.appending("tree") }
    /// The FAT image that UEFI reads.
    var partition: FilePath { staging.appending("efi.img") }
    /// The file of the program for UEFI.
    var program: FilePath { staging.appending("core.x86_64-efi") }
    /// The file of the configuration.
    var menuFile: FilePath { staging.appending("grub.cfg") }

    /// Makes all of it.
    func make() throws {
        try AtomicFile.write(Array(menu.early.utf8), to: staging.appending("early.cfg"))
        try AtomicFile.write(Array(menu.configuration.utf8), to: menuFile)
        let core = tree.appending(FilePath(ISOVolume.biosCore).components)
        try Folders.make(core.removingLastComponent())
        try makeCore("i386-pc", format: "i386-pc-eltorito", GrubModules.mediumBIOS, core)
        try makeCore("x86_64-efi", format: "x86_64-efi", GrubModules.mediumEFI, program)
        try makePartition()
    }

    private func makeCore(_ platform: String, format: String, _ modules: [String], _ output: FilePath) throws {
        try tools.run(
            "grub-mkimage",
            [
                "-O", format, "-d", grubDirectory.appending(platform).string, "-p", GrubModules.mediumPrefix,
                "-c", staging.appending("early.cfg").string, "-o", output.string,
            ] + modules)
    }

    private func makePartition() throws {
        let bytes = try [program, menuFile].reduce(Int64(0)) { $0 + (try FileStatus.of($1)?.size ?? 0) }
        try Folders.remove(partition, .files)
        try tools.run(
            "mkfs.fat",
            ["--invariant", "-i", volumeIdentifier, "-n", Self.label, "-s", "1", "-C", partition.string]
                + ["\(MediaPartition.kibibytes(for: bytes))"])
        try tools.run("mmd", ["-i", partition.string, "::/EFI", "::/EFI/BOOT", "::/boot", "::/boot/grub"])
        // Without -m, which would write the clock.
        for (source, target) in [(program, Self.loader), (menuFile, Self.configuration)] {
            try tools.run("mcopy", ["-i", partition.string, source.string, "::\(target)"])
        }
    }
}
