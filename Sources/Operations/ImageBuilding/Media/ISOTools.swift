import BuildPlanning
import Filesystems
import LinuxSystem
import SystemPackage

/// Looks for what makes media before anything is made.
enum ISOTools {
    /// The parts of GRUB that are read, and the Debian packages that bring them.
    private static let grubParts: [(path: String, package: String)] = [
        ("i386-pc/boot_hybrid.img", "grub-pc-bin"), ("i386-pc/cdboot.img", "grub-pc-bin"),
        ("x86_64-efi/moddep.lst", "grub-efi-amd64-bin"),
    ]

    /// Checks that all of it is there.
    ///
    /// - Throws: `ISOError` with the Debian package of the first thing that is not.
    static func check(grub: FilePath) throws {
        for part in grubParts where try FileStatus.of(grub.appending(part.path)) == nil {
            throw ISOError.missing("\(grub)/\(part.path)", package: part.package)
        }
        for program in HostNeeds.programs where program.works.contains(.iso) {
            guard FilesystemTools.isInstalled(program.name) else {
                throw ISOError.missing(program.name, package: program.source)
            }
        }
    }
}
