package import ImageFolders
package import JSONText
package import LinuxSystem
package import OverlayPlanning
import SystemPackage

/// Takes an overlay out of the folder of the OEM partition.
package struct OverlayRemoval: Equatable, Sendable {
    /// The overlay.
    package let source: OverlaySource

    /// Finds an overlay by its name, as `10-tools`, or by the name of its file.
    ///
    /// - Throws: `StackingError` when there is none, more than one, when the image has it, or when its policy says that no
    ///   boot goes on without it.
    package init(_ name: String, in scan: OverlayScan) throws(StackingError) {
        let named = scan.candidates.map(\.source).filter { $0.file.fileName == name || $0.name.description == name }
        let exact = named.filter { $0.folder == .oem && $0.file.fileName == name }
        let own = exact.isEmpty ? named.filter { $0.folder == .oem } : exact
        guard let source = own.first else { throw Self.missing(name, named.first) }
        guard own.count == 1 else {
            let list = own.map(\.file.fileName).joined(separator: " and ")
            throw .request("removing", name, "it may be \(list)", "Give the name of the file.")
        }
        let isLast = !scan.candidates.contains { $0.source.name == source.name && $0.source != source }
        if isLast, scan.isRequired(source.name, isSealed: false) {
            throw .request(
                "removing", source.path.string, "its policy says that no boot goes on without it",
                "Remove or change its policy first (\(source.name).yaml).")
        }
        self.source = source
    }

    private static func missing(_ name: String, _ image: OverlaySource?) -> StackingError {
        guard let image else {
            return .request(
                "removing", name, "there is no such overlay in \(OverlayFolder.oem.path)",
                "See lifeboot overlay list.")
        }
        return .request(
            "removing", name, "\(image.path) belongs to the image",
            "An empty folder \(OverlayFolder.oem.path)/\(image.name) keeps it from being stacked.")
    }

    /// Finds an overlay and takes it out of the folder of the OEM partition.
    ///
    /// - Throws: as `init(_:in:)` and `perform(in:)`.
    package static func remove(_ name: String, from root: OverlayRoot, _ seal: SystemSeal) throws -> OverlayRemoval {
        let removal = try OverlayRemoval(name, in: OverlayScan(root, seal))
        try removal.perform(in: root)
        return removal
    }

    /// Removes it, and then what lies beside it; its policy stays, and what is stacked of it until the next boot.
    ///
    /// - Throws: `SystemError` when something cannot be removed.
    package func perform(in root: OverlayRoot) throws(SystemError) {
        let folder = root.folder(.oem)
        let target = folder.appending(source.file.fileName)
        try PutAside.clear(folder)
        if source.file.form == .folder {
            try PutAside.move(target)
        } else {
            for path in [target] + BesideOverlay.files(target, source.file.form) { try Folders.remove(path, .files) }
            try Folders.flushEntry(folder)
        }
    }

    /// What was done, for people.
    package var line: String { "\(source.path) is gone; what is stacked of it stays until the next boot" }

    /// `removed`.
    package var json: JSONValue { ["removed": .string(source.path.string)] }
}
