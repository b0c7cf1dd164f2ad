import BootModel
package import BootPlanning
import DiskContract
import DocumentTree
import ImageFolders
import ImageModel
import InstalledSystem
import LinuxSystem
import Plans
import SystemLayout
import SystemPackage
import YAMLDocuments

/// Gathers what the later phases are planned from.
extension LiveBootEffects {
    /// Says what the root phase is planned from.
    package func rootFacts() -> RootFacts {
        let carried = parameters.image.map { MachinePaths.carried.appending(DiskFiles.image($0).components) }
        let isCarried = carried.flatMap { try? FileStatus.of($0) } != nil
        return RootFacts(parameters: parameters, isSealed: seal.isSealed, isCarried: isCarried)
    }

    /// Looks which stages files of configuration may name; what cannot be looked at is left to the stage itself.
    package func configurationFacts() -> ConfigurationFacts {
        ConfigurationFacts(parameters: parameters, stages: named(ConfigurationFacts.early))
    }

    /// Those of some stages that files may name: in the new root, and in `/run`, where data may have been found.
    private func named(_ stages: [String]) -> Set<String> {
        let setup = parameters.setupPaths
        return StageFiles.named(stages, in: MachinePaths.newRoot, folders: MachinePaths.configuration + setup)
            .union(StageFiles.named(stages, in: "/", folders: [MachinePaths.instanceData] + setup))
    }

    /// Reads the layout and looks which of its paths the image has; recovery never depends on a layout file.
    package mutating func stateFacts() throws -> StateFacts {
        var search = LayoutSearch(filesystems, seal)
        let facts = try StateFacts(parameters, &search)
        for note in search.notes { kernelLog.write(note, level: .warning) }
        notes += search.notes
        return facts
    }

    /// Reads a regular file below the new root; nil when its name does not exist.
    func readFile(_ file: FilePath, limit: Int) throws -> [UInt8]? {
        let path = FilePath(root: "/", file.components.dropFirst(MachinePaths.newRoot.components.count))
        return try filesystems.read(path, limit: limit)
    }

    /// The new root with all that is mounted below it.
    private var filesystems: RootFilesystems {
        RootFilesystems(root: MachinePaths.newRoot, mountPoints: mountPoints + rootMounts)
    }

    /// Says what was mounted.
    package func handoffFacts() -> HandoffFacts {
        HandoffFacts(
            parameters: parameters, mountPoints: mountPoints, hasPersistent: found.persistent.ifGiven != nil,
            // Anew: the persistent partition has files, too, and data may have been found.
            stages: named(ConfigurationFacts.late))
    }
}
