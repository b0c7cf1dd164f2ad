import BootModel
package import BootPlanning
import DiskContract
import DocumentTree
import ImageModel
import LinuxSystem
import Plans
package import SystemLayout
package import SystemPackage
import YAMLDocuments

/// Gathers what the later phases are planned from.
extension LiveBootEffects {
    /// The largest layout file that is read, in bytes.
    static let layoutLimit = 64 * 1024

    /// Reads the layout and looks which of its paths the image has; recovery never depends on a layout file.
    package mutating func stateFacts() throws -> StateFacts {
        let (file, layout) = parameters.role == .recovery ? (nil, .default) : try readLayout()
        let existing = try layout.ephemeralPaths.filter { path in
            try FileStatus.of(MachinePaths.newRoot.appending(path.components))?.kind == .directory
        }
        return StateFacts(parameters: parameters, layout: layout, existing: Set(existing), layoutFile: file)
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
    package func handoffFacts() -> HandoffFacts {
        HandoffFacts(
            parameters: parameters, mountPoints: mountPoints, hasPersistent: found.persistent.ifGiven != nil)
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
