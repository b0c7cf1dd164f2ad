import Archives
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
    /// - Parameters:
    ///   - version: the kernel to take; nil takes the newest.
    ///   - findings: gets the kernel that was chosen.
    /// - Throws: `ImagePlanningError` or `ImageAssemblyError` when there are none that fit.
    static func place(
        _ findings: inout RootFindings, version: KernelVersion?, local: LocalBootFiles?, in staging: FilePath
    ) throws -> PlacedBootFiles {
        guard findings.kernels.isEmpty, findings.initrds.isEmpty, let local else {
            let (kernel, initrd) = try BootFilePlacement.place(&findings, version: version, in: staging)
            return PlacedBootFiles(kernel: kernel, initrd: initrd, origin: .container)
        }
        let found = try checkedVersion(local, wanted: version, findings.moduleVersions)
        let copy = try local.copy(to: staging)
        var placed = PlacedBootFiles(kernel: copy.kernel, initrd: copy.initrd, origin: .local(copy.image))
        placed.notes.append("the container has no kernel: kernel and initrd \(found) are those of image \(copy.image)")
        if local.root == nil {
            placed.notes.append("whether the container changed what the initrd has copies of was not checked")
        }
        return placed
    }

    /// The version of the local kernel, for which the container must have modules.
    private static func checkedVersion(
        _ local: LocalBootFiles, wanted: KernelVersion?, _ modules: Set<KernelVersion>
    ) throws -> KernelVersion {
        let remedy = "Install a kernel in the container, and make an initrd with 'dracut --kver VERSION'."
        guard let version = try local.version() else {
            throw ImageAssemblyError.unsuitable(
                "choosing the kernel of", "the container",
                "it has none, and the version of the kernel on this machine cannot be told", remedy: remedy)
        }
        if let wanted, wanted != version {
            throw ImageAssemblyError.unsuitable(
                "choosing the kernel of", "the container",
                "it has none, and that of this machine is not \(wanted) but \(version)",
                remedy: remedy)
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
    /// - Parameters:
    ///   - findings: gets the kernel that was chosen, and notes of what was passed over.
    ///   - version: the kernel to take; nil takes the newest.
    /// - Throws: `ImagePlanningError` when there is no kernel with an initrd; `SystemError` when a file cannot be renamed.
    package static func place(
        _ findings: inout RootFindings, version: KernelVersion?, in staging: FilePath
    ) throws -> (kernel: Manifest.File, initrd: Manifest.File) {
        let choice = try BootFileChoice(
            kernels: findings.kernels, initrds: findings.initrds, modules: findings.moduleVersions, version: version)
        findings.kernel = choice.kernel
        for path in choice.passedOver {
            findings.notes.add("/\(path) is no kernel that is known here, and is left out")
        }
        let kernel = staging.appending(ImageFile.kernel.rawValue)
        let initrd = staging.appending(ImageFile.initrd.rawValue)
        let chosen = [choice.kernel.path: kernel, choice.initrd.path: initrd]
        var left = Set(findings.staged.values)
        for (path, target) in chosen {
            guard let name = findings.staged[path], left.remove(name) != nil else { continue }
            try Folders.rename(staging.appending(name), to: target)
        }
        for name in left { try Folders.removeFile(staging.appending(name)) }
        return (try ImageFileDigest.of(kernel), try ImageFileDigest.of(initrd))
    }
}
