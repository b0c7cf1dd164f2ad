import BuildPlanning
package import Faults
import ImageModel
import LinuxSystem
import PackageModel
package import PackageTrees
package import SystemPackage
import TreeFolders

/// What a package carries, read from its layer.
package struct BuiltArtefact: Sendable {
    /// The layer.
    package var layer: FilePath
    /// What is in it.
    package var artefact: Artefact

    /// Reads a layer.
    ///
    /// - Throws: `ArchiveError` and `TreeFoldersError` for what is no layer of a package.
    package init(layer: FilePath) throws {
        self.layer = layer
        artefact = try TreeReading.artefact(inLayer: layer).artefact
    }
}

extension BuildCache {
    /// The shortest part of a key that stands for it.
    private static let shortestKey = 6

    /// Finds an artefact by what people know of it: the name of a package, whose last build is taken, also of one that was
    /// split off; the key of a build, or its first digits; or the file of a layer, which needs a `/` in its path.
    ///
    /// - Throws: `ArtefactNameError` for what is none of these, and for a package without files; as `BuiltArtefact.init`.
    package func artefact(_ text: String) throws -> BuiltArtefact {
        if text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") {
            return try BuiltArtefact(layer: FilePath(text))
        }
        let output = text.contains("/") ? try output(named: text) : try output(ofKey: text)
        guard let layer = output.layer else { throw ArtefactNameError.empty(text) }
        guard try has(layer) else { throw ArtefactNameError.unknown(text, "its layer is not in the cache any more") }
        return try BuiltArtefact(layer: blob(layer))
    }

    private func output(named text: String) throws -> BuildOutput {
        let name = try PackageName(parsing: text)
        if let output = lastRecord(of: name)?.outputs.first { return output }
        for file in try Folders.names(of: folder.appending("last")) {
            let record = try? record(at: folder.appending("last/\(file)"))
            if let output = record?.outputs.first(where: { $0.name == name }) { return output }
        }
        throw ArtefactNameError.unknown(text, "it was not built with the cache \(folder)")
    }

    private func output(ofKey text: String) throws -> BuildOutput {
        let names = try Folders.names(of: folder.appending("builds")).filter { $0.hasPrefix(text) }
        guard text.count >= Self.shortestKey, names.count == 1, let name = names.first else {
            throw ArtefactNameError.unknown(text, "\(names.count) keys of builds begin so")
        }
        guard let output = try record(at: folder.appending("builds/\(name)"))?.outputs.first else {
            throw ArtefactNameError.unknown(text, "its record cannot be read")
        }
        return output
    }
}

/// Says why an artefact cannot be looked at.
package typealias ArtefactNameError = Fault<ArtefactNameFault>

/// Names why an artefact cannot be looked at.
package enum ArtefactNameFault: FaultKind {
    /// Nothing here has this name.
    case unknown
    /// The package has no files.
    case empty
}

extension ArtefactNameError {
    fileprivate static func unknown(_ text: String, _ cause: String) -> ArtefactNameError {
        ArtefactNameError(
            .unknown, "looking for the artefact", text, cause: cause,
            remedy:
                "Name a package that was built, the key that 'boatyard package build --explain' prints, or a layer's file."
        )
    }

    fileprivate static func empty(_ text: String) -> ArtefactNameError {
        ArtefactNameError(
            .empty, "looking for the artefact", text, cause: "the package has no files",
            remedy: "Name one of the packages that it requires.")
    }
}
