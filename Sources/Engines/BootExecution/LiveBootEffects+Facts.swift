import BootModel
package import BootPlanning
import DiskContract
import DocumentTree
import ImageFolders
import ImageModel
import InstalledSystem
import LinuxSystem
import Plans
package import SystemLayout
package import SystemPackage
import YAMLDocuments

/// Gathers what the later phases are planned from.
extension LiveBootEffects {
    /// The largest layout file that is read, in bytes.
    static let layoutLimit = 64 * 1024

    /// Says what the root phase is planned from.
    package func rootFacts() -> RootFacts { RootFacts(parameters: parameters, isSealed: seal.isSealed) }

    /// Looks which stages files of configuration may name; what cannot be looked at is left to the stage itself.
    package func configurationFacts() -> ConfigurationFacts {
        ConfigurationFacts(
            parameters: parameters, stages: StageFiles.named(ConfigurationFacts.early, in: MachinePaths.newRoot))
    }

    /// Reads the layout and looks which of its paths the image has; recovery never depends on a layout file.
    package mutating func stateFacts() throws -> StateFacts {
        let (file, layout) = parameters.role == .recovery ? (nil, .default) : try readLayout()
        let existing = try layout.ephemeralPaths.filter { path in
            try FileStatus.of(MachinePaths.newRoot.appending(path.components))?.kind == .directory
        }
        return StateFacts(parameters: parameters, layout: layout, existing: Set(existing), layoutFile: file)
    }

    private mutating func readLayout() throws -> (FilePath?, Layout) {
        for path in MachinePaths.layouts {
            let place = MachinePaths.newRoot.appending(path.components)
            guard let bytes = try readFile(place, limit: Self.layoutLimit), counts(bytes, path, place) else { continue }
            return (path, try LayoutFile.read(bytes, path))
        }
        return try readCosLayout()
    }

    /// The variables that files of the family write in stage `rootfs`, where no layout file says more.
    private mutating func readCosLayout() throws -> (FilePath?, Layout) {
        let path = MachinePaths.cosLayout
        guard let bytes = try FileBytes.readIfPresent(path, limit: Self.layoutLimit) else { return (nil, .default) }
        do throws(DocumentError) {
            let cos = try CosLayout(parsing: String(decoding: bytes, as: UTF8.self))
            notes += cos.ignored.map { "\(path): \($0) means nothing here" }
            return (path, cos.layout)
        } catch { throw PlanningError.unreadable(path.string, error) }
    }

    /// Whether a layout file counts: in a sealed system one on OEM only with a signature; what does not count is noted.
    private mutating func counts(_ bytes: [UInt8], _ path: FilePath, _ place: FilePath) -> Bool {
        guard path.starts(with: MachinePaths.oem) else { return true }
        do {
            let signature = try readFile(SystemSeal.signature(of: place), limit: ImageFile.signature.sizeLimit)
            try seal.check(bytes, signature: signature, of: path)
            return true
        } catch {
            let note = "\(path) does not count in a sealed system: \(error)"
            notes.append(note)
            kernelLog.write(note, level: .warning)
            return false
        }
    }

    /// Reads a regular file below the new root; nil when its name does not exist.
    ///
    /// It is read from the filesystem that its path lies on: a link that leads to another one is not followed.
    func readFile(_ file: FilePath, limit: Int) throws -> [UInt8]? {
        let path = FilePath(root: "/", file.components.dropFirst(MachinePaths.newRoot.components.count))
        let mount = (mountPoints + rootMounts).filter { path.starts(with: $0) }.max {
            $0.components.count < $1.components.count
        }
        let folder = try DirectoryHandle(root: MachinePaths.newRoot).directory(mount ?? "/").withoutMounts()
        return try folder.read(
            FilePath(root: nil, path.components.dropFirst(mount?.components.count ?? 0)), limit: limit)
    }

    /// Says what was mounted.
    package func handoffFacts() -> HandoffFacts {
        HandoffFacts(
            parameters: parameters, mountPoints: mountPoints, hasPersistent: found.persistent.ifGiven != nil,
            // Anew: the persistent partition has files, too, and data may have been found.
            stages: StageFiles.named(ConfigurationFacts.late, in: MachinePaths.newRoot).union(
                StageFiles.named(ConfigurationFacts.late, in: "/", folders: [MachinePaths.instanceData])))
    }
}

/// Reads a layout file.
package enum LayoutFile {
    /// Reads the bytes of a layout file; an empty one is the default layout.
    ///
    /// - Throws: `PlanningError` with file, line and column.
    package static func read(_ bytes: [UInt8], _ path: FilePath) throws(PlanningError) -> Layout {
        do throws(DocumentError) {
            guard let document = try YAMLDocument.parse(bytes) else { return .default }
            return try Layout(document)
        } catch { throw .unreadable(path.string, error) }
    }
}
