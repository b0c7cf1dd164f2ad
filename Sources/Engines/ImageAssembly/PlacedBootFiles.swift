import ImageModel
import ImagePlanning
import SystemPackage

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
