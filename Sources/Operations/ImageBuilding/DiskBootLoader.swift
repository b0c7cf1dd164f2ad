import Cryptography
import DiskContract
import Filesystems
import GrubEnvironment
import ImageModel
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
    /// The loaders that the image brings; nil for GRUB of our own making.
    let pair: UEFILoaders?

    /// Makes the FAT filesystem with the selector, both copies of GRUB's configuration, its UEFI program and both copies
    /// of the boot environment.
    func makeBootPartition(configuration: FilePath, environment: BootEnvironment, password: String?) throws {
        guard let boot = layout[.boot] else { return }
        var format = FATFormat(label: boot.name.label, size: boot.size)
        format.identifier = identity.volume(.boot)
        format.offset = boot.offset
        format.sectorSize = layout.sectorSize
        format.isReproducible = true
        try format.make(on: disk, tools: tools.filesystems)
        let volume = "\(disk)@@\(boot.offset)"
        let loaders = try loaders()
        let folders = loaders.folders + ["/grub", "/lifeboot"] + GrubCopy.allCases.map(GrubPlaces.folder)
        try tools.run("mmd", ["-i", volume] + folders.map { "::\($0)" })
        var files = try grubFiles(configuration) + loaders.files.map { ($0.path, $0.bytes) }
        if let password {
            let block = EnvironmentBlock([.init(GrubPlaces.passwordVariable, password)])
            files.append((GrubPlaces.password, try block.serialized()))
        }
        // The boot environment first: it must lie where nothing ever moves it.
        let block = environment.serialized()
        for (target, bytes) in [
            ("/\(DiskFiles.bootEnvironment)", block), ("/\(DiskFiles.bootEnvironmentBackup)", block),
        ] + files {
            let source = staging.appending("boot.file")
            try AtomicFile.write(bytes, to: source)
            try tools.run("mcopy", ["-i", volume, source.string, "::\(target)"])
        }
    }

    /// GRUB's files on the boot partition, from the folder of its configuration: both copies are the same at first.
    private func grubFiles(_ path: FilePath) throws -> [(String, [UInt8])] {
        let folder = path.removingLastComponent()
        let read = { (path: FilePath) in try FileBytes.read(path, limit: 1 << 20) }
        guard let version = GrubConfiguration.version(parsing: try read(folder.appending("version"))) else {
            throw DiskError.file(folder.appending("version"), "it holds no version number")
        }
        let configuration = GrubConfiguration(version: version, text: try read(path))
        let digest = try SHA256Hasher.digest(of: configuration.text)
        var files = [(GrubPlaces.selection, GrubSelection(loader: version).serialized())]
        for copy in GrubCopy.allCases {
            files += configuration.files(digest: digest).map { ("\(GrubPlaces.folder(copy))/\($0.name)", $0.bytes) }
        }
        files.append((GrubPlaces.selector, try read(folder.appending("select.cfg"))))
        return files
    }

    /// The image's own, or GRUB as this machine makes it.
    private func loaders() throws -> UEFILoaders {
        if let pair { return pair }
        let core = try makeCore("x86_64-efi", GrubModules.efi)
        return UEFILoaders(own: try FileBytes.read(core, limit: ImageLoaders.limit))
    }

    /// Writes GRUB's boot sector and its core image, which BIOS loads.
    func installForBIOS() throws {
        guard let bios = layout[.bios] else { return }
        let core = try FileBytes.read(try makeCore("i386-pc", GrubModules.bios), limit: GrubBootCode.slotSize)
        let bootImage = try FileBytes.read(grubDirectory.appending("i386-pc/boot.img"), limit: 512)
        let sector = UInt64(bios.offset) / UInt64(GrubBootCode.sectorSize)
        let file = try DiskFile(disk)
        let protective = try file.read(GrubBootCode.sectorSize, at: 0)
        try file.write(try GrubBootCode.core(core, coreSector: sector, limit: GrubBootCode.slotSize), at: bios.offset)
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
