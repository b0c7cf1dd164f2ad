import DiskContract
package import OverlayPlanning
package import SystemPackage

/// Where overlays are opened while they are stacked, and where their report is kept.
package struct OverlayPlaces: Equatable, Sendable {
    /// The tmpfs that holds places of overlays and what is unpacked of them.
    package var store: FilePath
    /// The report, JSON.
    package var report: FilePath
    /// How large the tmpfs may become, as tmpfs takes it; what is unpacked takes memory.
    package var size: String

    /// Names places; those of a boot unless others are given.
    package init(
        store: FilePath = MachinePaths.overlayPlaces,
        report: FilePath = MachinePaths.overlayReport, size: String = "25%"
    ) {
        self.store = store
        self.report = report
        self.size = size
    }

    /// The place of a layer.
    ///
    /// It is short: an overlay names all of its layers in a page (`OverlayLimits.layerBytes`).
    package func layer(_ number: Int) -> FilePath {
        store.appending("l").appending(number < 10 ? "0\(number)" : "\(number)")
    }
}

/// Finds the files of overlays below a root.
package struct OverlayRoot: Equatable, Sendable {
    /// The root that the overlays are for.
    package var path: FilePath
    /// Files that stand in for overlays of these paths: an overlay that is checked before it is added.
    package var instead: [FilePath: FilePath]

    /// Takes a root.
    package init(_ path: FilePath, instead: [FilePath: FilePath] = [:]) {
        self.path = path
        self.instead = instead
    }

    /// Where a folder of overlays lies.
    package func folder(_ folder: OverlayFolder) -> FilePath { path.appending(folder.path.components) }

    /// Where an overlay lies.
    package func file(_ source: OverlaySource) -> FilePath {
        instead[source.path] ?? folder(source.folder).appending(source.file.fileName)
    }

    /// Where the file beside an image lies that ends with the suffix instead of the image's own.
    func beside(_ source: OverlaySource, _ suffix: String) -> FilePath {
        let file = file(source)
        let name = file.lastComponent?.string ?? ""
        return file.removingLastComponent()
            .appending(String(name.dropLast(source.file.form.rawValue.count)) + suffix)
    }
}
