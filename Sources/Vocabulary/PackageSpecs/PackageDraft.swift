import DocumentTree
import RegistryModel
import SystemPackage

/// A package that lacks what its Containerfile says, and the record of what was put into its texts.
struct PackageDraft {
    private var package: PackageSpec
    private var substitution: Substitution
    private let valueUses: [EnvironmentUse]

    init(_ package: PackageSpec, _ substitution: Substitution, valueUses: [EnvironmentUse]) {
        self.package = package
        self.substitution = substitution
        self.valueUses = valueUses
    }

    /// Reads the Containerfile, if there is to be one.
    ///
    /// - Throws: `SpecError` when it is not there, or names an image in a way that no lock file can hold.
    mutating func readContainerfile(_ read: (FilePath) throws(SpecError) -> String?) throws(SpecError) {
        guard var build = package.build, let file = build.containerfile else { return }
        let path = package.folder.appending(file.value.components)
        guard let text = try read(path) else {
            throw SpecError(file.place, "there is no file \(file.value) in the package's folder")
        }
        do throws(DocumentError) {
            let expanded = try substitution.expand(text, at: DocumentMark(line: 1, column: 1), as: .shell)
            build.containerText = expanded
            build.containerImages = try Containerfile.images(in: expanded, path, besidesFirst: build.base != nil)
            package.build = build
        } catch { throw SpecError(path, error) }
    }

    /// The package with what was used in it, by name.
    var finished: PackageSpec {
        var package = package
        package.usedValues = substitution.usedValues.map { UsedValue($0.key, $0.value) }.sorted { $0.name < $1.name }
        var names: Set<String> = []
        package.environmentUses = (valueUses + substitution.environmentUses(in: package.place.file)).filter { use in
            names.insert(use.name).inserted
        }
        return package
    }
}
