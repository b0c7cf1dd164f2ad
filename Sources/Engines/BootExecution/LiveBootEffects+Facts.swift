import BlockDevices
package import BootModel
package import BootPlanning
import DiskContract
import ImageModel
import LinuxSystem
package import SystemLayout
package import SystemPackage
import YAMLDocuments

/// Gathers what the later phases are planned from.
extension LiveBootEffects {
    /// The largest layout file that is read, in bytes.
    static let layoutLimit = 64 * 1024

    /// Reads the layout and looks which of its paths the image has; recovery never depends on a layout file.
    package mutating func stateFacts(_ parameters: BootParameters) throws -> StateFacts {
        let (file, layout) = parameters.role == .recovery ? (nil, .default) : try readLayout()
        let existing = try layout.ephemeralPaths.filter { path in
            try FileStatus.of(MachinePaths.newRoot.appending(path.components))?.kind == .directory
        }
        var facts = StateFacts(parameters: parameters, layout: layout, existing: Set(existing), layoutFile: file)
        if parameters.role != .recovery { facts.persistent = persistentDevice(layout, parameters) }
        return facts
    }

    /// Looks at the persistent device; whatever is wrong with it is for the step that mounts it to say.
    private func persistentDevice(_ layout: Layout, _ parameters: BootParameters) -> PersistentDevice {
        let source: DeviceSource =
            layout.persistentDevice.map { .anywhere($0, timeout: parameters.deviceTimeout) } ?? .persistent
        do { return try find(source).filesystemType == "crypto_LUKS" ? .encrypted : .plain } catch { return .absent }
    }

    private func readLayout() throws -> (FilePath?, Layout) {
        for path in MachinePaths.layouts {
            let place = MachinePaths.newRoot.appending(path.components)
            guard let bytes = try FileBytes.readIfPresent(place, limit: Self.layoutLimit) else { continue }
            return (path, try LayoutFile.read(bytes, path))
        }
        return (nil, .default)
    }

    /// Says what was mounted.
    package mutating func handoffFacts(_ parameters: BootParameters) -> HandoffFacts {
        HandoffFacts(parameters: parameters, mountPoints: mountPoints, hasPersistent: hasPersistent)
    }
}

/// Reads a layout file.
package enum LayoutFile {
    /// Reads the bytes of a layout file; an empty one is the default layout.
    ///
    /// - Throws: `PlanningError` with file, line and column.
    package static func read(_ bytes: [UInt8], _ path: FilePath) throws(PlanningError) -> Layout {
        do {
            guard let document = try YAMLDocument.parse(bytes) else { return .default }
            return try Layout(document)
        } catch { throw .unreadable(path.string, "\(error)") }
    }
}
