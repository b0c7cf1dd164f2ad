import Archives
package import Faults
import ImageAssembly
import LinuxSystem
import OverlayPlanning
import PackageTrees
import Squashfs
package import SystemPackage
import TreeModel

/// Writes an artefact as an extension image, as docs/overlays.md describes it.
package struct ExtensionExport: Sendable {
    private static let folders: [EntryPath] = ["usr", "opt"].compactMap { EntryPath(normalizing: Array($0.utf8)) }
    private static let shownPaths = 5

    /// The file, such as `10-tools.squashfs`.
    package var file: FilePath
    /// For which system it is, as its os-release says it (`ID`); nil for any.
    package var system: String?
    /// For which version of it (`VERSION_ID`); nil for any.
    package var version: String?
    /// The architecture in Go's words; `all` for any.
    package var architecture: String

    /// Describes an image for any system.
    package init(_ file: FilePath, architecture: String) {
        self.file = file
        self.architecture = architecture
    }

    /// Writes it in the place of a file, whole or not at all.
    ///
    /// - Parameter time: of the filesystem, in seconds since 1970.
    /// - Returns: its bytes.
    /// - Throws: `ExtensionExportError` for an artefact that cannot be one; `ArchiveError`, `SquashfsError`, `SystemError`.
    package func write(_ artefact: BuiltArtefact, time: Int64) throws -> Int64 {
        let release = try release()
        try check(artefact.artefact)
        let parent = file.removingLastComponent()
        let staging = try PrivateFolder(in: parent.isEmpty ? "." : parent, prefix: ".extension")
        let output = staging.path.appending("image")
        let size = try pack(artefact, release, to: output, time)
        try Folders.flushEntry(output)
        try Folders.rename(output, to: file)
        return size
    }

    /// The path of the file that says for which system it is.
    private func release() throws -> EntryPath {
        let name = file.lastComponent?.string ?? ""
        guard name.hasSuffix(OverlayForm.squashfs.rawValue),
            let word = OverlayName(String(name.dropLast(OverlayForm.squashfs.rawValue.count))),
            let path = EntryPath(normalizing: "\(ExtensionKind.sysext.folder)/extension-release.\(word)".utf8)
        else { throw ExtensionExportError.name(file) }
        return path
    }

    private func check(_ artefact: Artefact) throws {
        let foreign = artefact.listing.entries.map(\.path).filter { path in
            !Self.folders.contains(path) && !Self.folders.contains { path.isBelow($0) }
        }
        guard foreign.isEmpty else { throw ExtensionExportError.places(Self.words(foreign)) }
        guard artefact.removed.isEmpty else { throw ExtensionExportError.removals(Self.words(artefact.removed)) }
    }

    private static func words(_ paths: [EntryPath]) -> String {
        let rest = paths.count > shownPaths ? " and \(paths.count - shownPaths) more" : ""
        return paths.prefix(shownPaths).map(\.absolute).joined(separator: ", ") + rest
    }

    /// What the file says.
    private var text: String {
        var lines = ["ID=\(system ?? "_any")"]
        if let version { lines.append("VERSION_ID=\(version)") }
        if architecture != "all" { lines.append("ARCHITECTURE=\(SystemdArchitecture.name(ofOCI: architecture))") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func pack(
        _ artefact: BuiltArtefact, _ release: EntryPath, to output: FilePath, _ time: Int64
    ) throws -> Int64 {
        var options = SquashfsOptions()
        options.time = UInt32(clamping: time)
        var writer = try SquashfsWriter(path: output, options: options)
        var source = try LayeredSource(layers: [artefact.layer])
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while let entry = try source.next() {
            try writer.add(entry)
            guard case .regular = entry.kind else { continue }
            while case let count = try source.read(into: &buffer), count > 0 {
                try writer.write(buffer.span.extracting(0..<count))
            }
            try writer.endFile()
        }
        if artefact.artefact.listing[release] == nil {
            let bytes = Array(text.utf8)
            let attributes = SquashfsAttributes(permissions: 0o644, modified: options.time)
            try writer.beginFile(at: release.bytes, attributes, size: bytes.count)
            try writer.write(bytes.span)
            try writer.endFile()
        }
        return Int64(try writer.finish())
    }
}

/// Says why an artefact cannot be an extension image.
package typealias ExtensionExportError = Fault<ExtensionExportFault>

/// Names why an artefact cannot be an extension image.
package enum ExtensionExportFault: FaultKind {
    /// The file has no name of an overlay.
    case name
    /// It has files outside of `/usr` and `/opt`.
    case places
    /// It takes files away.
    case removals
}

extension ExtensionExportError {
    fileprivate static func name(_ file: FilePath) -> ExtensionExportError {
        ExtensionExportError(
            .name, "writing", "\(file)", cause: "an overlay has another name",
            remedy: "Name it like 10-tools.squashfs: two digits, '-', a word.")
    }

    fileprivate static func places(_ paths: String) -> ExtensionExportError {
        ExtensionExportError(
            .places, "writing an extension image of", paths, cause: "it may have files in /usr and /opt alone",
            remedy: "Let the package put them there, or split these off.")
    }

    fileprivate static func removals(_ paths: String) -> ExtensionExportError {
        ExtensionExportError(
            .removals, "writing an extension image of", paths, cause: "it cannot take files away",
            remedy: "Put the package into the image instead.")
    }
}
