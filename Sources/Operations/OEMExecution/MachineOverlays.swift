import BootExecution
import BootModel
import BootPlanning
import DiskContract
import ImageAssembly
package import ImageFolders
import ImageModel
import ImageSources
import LinuxSystem
import OverlayPlanning
package import Overlays
import ReleaseModel
package import SystemPackage
import TransactionPlanning

/// Overlays as this machine stacks them.
package enum MachineOverlays {
    /// What overlays of a root are judged by: the command line, the layout, the configuration, and the firmware.
    ///
    /// - Parameters:
    ///   - root: where the new root is while the initramfs prepares it, or `/`.
    ///   - place: where its own files are seen without what is mounted over them; nil is the root itself.
    ///   - seal: that of the system that runs.
    /// - Throws: the errors of files that cannot be read.
    package static func request(
        root: FilePath, seenAt place: FilePath? = nil, seal: SystemSeal = SystemSeal()
    ) throws -> OverlayRequest {
        let parameters = BootParameters(KernelCommandLine(parsing: try Procfs.commandLine()))
        let files = AgentConfiguration.files.map { root.appending($0.components) }
        var request = OverlayRequest(
            root: OverlayRoot(place ?? root), role: parameters.role ?? .active, architecture: ImageArchitecture.host,
            board: try ConfigurationFiles.read(files, seal: seal).policy.board ?? MachineTraits.board(), seal: seal)
        request.hierarchies = try hierarchies(parameters, root, seal)
        return request
    }

    /// Judges overlays of the system that runs, over the image alone: what is stacked already is not the image's.
    ///
    /// From then on this process has mounts of its own.
    ///
    /// - Parameter body: gets the request for it.
    /// - Throws: `SystemError` when this is not root or the image cannot be shown apart.
    package static func withImage<Result>(_ body: (OverlayRequest) throws -> Result) throws -> Result {
        try MountNamespace.unshare()
        let place = MachinePaths.run.appending("overlays-image")
        try Folders.make(place)
        try Mount.bind("/", on: place)
        let oem = place.appending(MachinePaths.oem.components)
        if try Procfs.mounts().contains(where: { $0.target == MachinePaths.oem }) {
            try Mount.bind(MachinePaths.oem, on: oem)
        }
        return try body(try request(root: "/", seenAt: place))
    }

    /// What the layout makes of the hierarchies, by the plan that the boot itself follows.
    private static func hierarchies(
        _ parameters: BootParameters, _ root: FilePath, _ seal: SystemSeal
    ) throws -> [OverlayHierarchy: HierarchyFacts] {
        var search = LayoutSearch(try RootFilesystems(mountedBelow: root), seal)
        return LayoutMounts(try BootPlan.state(try StateFacts(parameters, &search))).hierarchies
    }
}
