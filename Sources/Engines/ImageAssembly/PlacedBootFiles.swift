package import ImageModel
package import ImagePlanning
import LinuxSystem
package import SystemPackage

/// Kernel and initrd of the new image, in the staging folder under their names.
struct PlacedBootFiles {
    var kernel: Manifest.File
    var initrd: Manifest.File
    var origin: AssembledImage.BootFiles
    var notes: [String] = []

    /// Takes them from the container, or, when it has no kernel at all, from the image on this machine.
    ///
    /// - Throws: `ImagePlanningError` or `ImageAssemblyError` when there are none that fit.
    static func place(
        _ findings: RootFindings, local: LocalBootFiles?, in staging: FilePath
    ) throws -> PlacedBootFiles {
        guard findings.kernels.isEmpty, findings.initrds.isEmpty, let local else {
            let (kernel, initrd) = try BootFilePlacement.place(findings, version: nil, in: staging)
            var placed = PlacedBootFiles(kernel: kernel, initrd: initrd, origin: .container)
            if !findings.hasAgent { placed.notes.append(noAgent) }
            return placed
        }
        let version = try checkedVersion(local, findings.moduleVersions)
        let copy = try local.copy(to: staging)
        var placed = PlacedBootFiles(kernel: copy.kernel, initrd: copy.initrd, origin: .local(copy.image))
        placed.notes.append(
            "the container has no kernel: kernel and initrd \(version) are those of image \(copy.image)")
        if local.root == nil {
            placed.notes.append("whether the container changed what the initrd has copies of was not checked")
        }
        return placed
    }

    private static let noAgent =
        "the container has no \(RootfsRules.agents[0]): without lifeboot in its initrd it does not boot"

    /// The version of the local kernel, for which the container must have modules.
    private static func checkedVersion(_ local: LocalBootFiles, _ modules: Set<KernelVersion>) throws -> KernelVersion {
        let remedy = "Install a kernel in the container, and make an initrd with 'dracut --kver VERSION'."
        guard let version = try local.version() else {
            throw ImageAssemblyError.unsuitable(
                "choosing the kernel of", "the container",
                "it has none, and the version of the kernel on this machine cannot be told", remedy: remedy)
        }
        guard modules.contains(version) else {
            let found = modules.isEmpty ? "none" : modules.sorted().map(\.description).joined(separator: ", ")
            throw ImageAssemblyError.unsuitable(
                "choosing the kernel of", "the container",
                "it has none, and modules for \(found) do not fit the kernel \(version) of this machine",
                remedy: remedy)
        }
        return version
    }
}

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
