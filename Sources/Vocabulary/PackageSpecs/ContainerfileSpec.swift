import DocumentTree
package import PackageModel
package import SystemPackage

/// A Containerfile by itself, without a layer around it.
package enum ContainerfileSpec {
    /// The names that such a file has, in the order in which they are looked for.
    package static let fileNames: [FilePath.Component] = ["Containerfile", "Dockerfile"]
    /// The largest one that is read, in bytes.
    package static let sizeLimit = PackageFile.sizeLimit

    /// The package whose content is the whole tree that the file makes; its commands reach the network, as everywhere.
    ///
    /// Nothing is put into its text: what it says is what is built.
    ///
    /// - Parameters:
    ///   - name: of the package, which nobody publishes.
    ///   - file: its name in the folder, which is the context.
    ///   - architecture: in Go's words.
    /// - Throws: `SpecError` for an image that no digest can be found for, such as `FROM $BASE`.
    package static func package(
        _ name: PackageName, _ version: PackageVersion, text: String, file: FilePath.Component, architecture: String
    ) throws(SpecError) -> PackageSpec {
        let path = FilePath(root: nil, [file])
        let place = SpecPlace(path, DocumentMark(line: 1, column: 1))
        var package = PackageSpec(name, version, architecture: architecture, folder: ".", place: place)
        var build = BuildSpec()
        build.containerfile = Located(path, at: place)
        build.containerText = text
        build.hasNetwork = true
        do throws(DocumentError) {
            build.containerImages = try Containerfile.images(in: text, path, besidesFirst: false)
        } catch { throw SpecError(path, error) }
        package.build = build
        package.artefact = ArtefactSpec(.tree)
        package.artefact?.carriesRemade = true
        return package
    }
}
