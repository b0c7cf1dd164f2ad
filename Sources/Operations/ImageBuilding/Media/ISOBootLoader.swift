import Filesystems
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Makes GRUB for both firmwares, with its configuration in the tree of the medium and in the image that UEFI reads.
///
/// Some firmware hands GRUB the image as its disk when it boots from a stick, some the whole medium.
struct ISOBootLoader {
    /// The configuration's path, in both places.
    static let configuration = "/boot/grub/grub.cfg"
    private static let label = "LB_EFI"

    let menu: MediaMenu
    let grubDirectory: FilePath
    let tools: FilesystemTools
    let staging: FilePath
    let volumeIdentifier: String
    /// The loaders that the image brings; nil for GRUB of our own making.
    let pair: UEFILoaders?

    /// The folder with GRUB's core for BIOS at its place: xorriso wants to see it before all other files.
    var tree: FilePath { staging.appending("tree") }
    /// The FAT image that UEFI reads.
    var partition: FilePath { staging.appending("efi.img") }
    /// What UEFI reads, in both places: paths on the medium, and the files that become them.
    var programs: [(path: String, source: FilePath)] {
        guard let pair else {
            return [("\(LoaderFile.folder)/\(LoaderNames.x64.firmware)", staging.appending("core.x86_64-efi"))]
        }
        return pair.files.map { ($0.path, staging.appending("loader.\($0.file.rawValue)")) }
    }
    /// The file of the configuration.
    var menuFile: FilePath { staging.appending("grub.cfg") }

    /// Writes what both are configured with.
    func configure() throws {
        try AtomicFile.write(Array(menu.early.utf8), to: staging.appending("early.cfg"), isDurable: false)
        try AtomicFile.write(Array(menu.configuration.utf8), to: menuFile, isDurable: false)
    }

    /// Makes what BIOS starts.
    func makeBIOS() throws {
        let core = tree.appending(FilePath(ISOVolume.biosCore).components)
        try Folders.make(core.removingLastComponent())
        try makeCore("i386-pc", format: "i386-pc-eltorito", GrubModules.mediumBIOS, core)
    }

    /// Makes what UEFI starts, and the image that it reads.
    func makeUEFI() throws {
        if let pair {
            for (file, place) in zip(pair.files, programs) {
                try AtomicFile.write(file.bytes, to: place.source, isDurable: false)
            }
        } else {
            try makeCore("x86_64-efi", format: "x86_64-efi", GrubModules.mediumEFI, programs[0].source)
        }
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
        let files = programs + [(Self.configuration, menuFile)]
        let bytes = try files.reduce(Int64(0)) { $0 + (try FileStatus.of($1.source)?.size ?? 0) }
        try Folders.remove(partition, .files)
        try tools.run(
            "mkfs.fat",
            ["--invariant", "-i", volumeIdentifier, "-n", Self.label, "-s", "1", "-C", partition.string]
                + ["\(MediaPartition.kibibytes(for: bytes))"])
        let folders = (pair?.folders ?? ["/EFI", LoaderFile.folder]) + ["/boot", "/boot/grub"]
        try tools.run("mmd", ["-i", partition.string] + folders.map { "::\($0)" })
        // Without -m, which would write the clock.
        for (target, source) in files {
            try tools.run("mcopy", ["-i", partition.string, source.string, "::\(target)"])
        }
    }
}
