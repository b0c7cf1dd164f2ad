package import ImageModel
package import ImagePlanning
import LinuxSystem
package import SystemPackage

/// Gives the chosen kernel and initrd in a staging folder their names.
package enum BootFilePlacement {
    /// Renames what was chosen, removes the other candidates and returns sizes and digests.
    ///
    /// - Parameter version: the kernel to take; nil takes the newest.
    /// - Throws: `ImagePlanningError` when there is no kernel with an initrd; `SystemError` when a file cannot be renamed.
    package static func place(
        _ findings: RootFindings, version: KernelVersion?, in staging: FilePath
    ) throws -> (kernel: Manifest.File, initrd: Manifest.File) {
        let choice = try BootFileChoice(kernels: findings.kernels, initrds: findings.initrds, version: version)
        let kernel = staging.appending(ImageFile.kernel.rawValue)
        let initrd = staging.appending(ImageFile.initrd.rawValue)
        for candidate in findings.kernels + findings.initrds {
            let file = staging.appending(RootPacker.name(of: candidate))
            switch candidate {
            case choice.kernel: try Folders.rename(file, to: kernel)
            case choice.initrd: try Folders.rename(file, to: initrd)
            default: try Folders.removeFile(file)
            }
        }
        return (try ImageFileDigest.of(kernel), try ImageFileDigest.of(initrd))
    }

    /// Refuses a root filesystem without a first process.
    ///
    /// - Throws: `ImagePlanningError`.
    package static func checkInit(_ findings: RootFindings) throws {
        guard !findings.hasInit else { return }
        throw ImagePlanningError(
            "looking for the first process in", "there is no /sbin/init and no systemd",
            remedy: "Install an init system.")
    }
}
