package import DocumentTree
import PackageModel
package import SystemPackage

/// A `package.yaml`, read as far as that goes without values.
package struct PackageFile: Sendable {
    /// The file's name; a folder that has it is a package.
    package static let fileName: FilePath.Component = "package.yaml"

    /// The largest one that is read, and that of `boatyard.yaml` and of values, in bytes.
    package static let sizeLimit = 256 * 1024

    /// The file, as messages name it: relative to the layer's folder.
    package let file: FilePath
    let pairs: [DocumentPair]
    let mark: DocumentMark
    let table: DocumentTable<PackageSpec>

    /// Takes a file's document; nil is a text without one.
    ///
    /// - Throws: `SpecError` for a document without the format in front, and for an unknown key at any place, also
    ///   where a
    ///   condition takes it away.
    package init(_ document: DocumentNode?, file: FilePath) throws(SpecError) {
        table = PackageSpec.table(file)
        do throws(DocumentError) {
            pairs = try SpecDocument.pairs(of: document, table.entries, table.name)
        } catch { throw SpecError(file, error) }
        self.file = file
        mark = document?.mark ?? DocumentMark(line: 1, column: 1)
    }

    /// The packages that the file describes: one for each variant, or one.
    ///
    /// - Parameter containerfile: reads a Containerfile, of which it gets the path relative to the layer's folder; nil
    ///   when there is none.
    /// - Throws: `SpecError` with the place of the first fault, and what `containerfile` throws.
    package func packages(
        in context: SpecContext, containerfile: (FilePath) throws(SpecError) -> String? = { _ throws(SpecError) in nil }
    ) throws(SpecError) -> PackageReading {
        var variants = try PackageVariants(self, context)
        var reading = PackageReading()
        for variant in variants.variants {
            var draft = try variants.draft(of: variant)
            try draft.readContainerfile(containerfile)
            reading.add(draft.finished)
        }
        reading.valueNames = variants.valueNames
        return reading
    }
}

/// What a file says for one architecture.
package struct PackageReading: Sendable {
    /// The packages.
    package private(set) var packages: [PackageSpec] = []
    /// Those that are for other architectures.
    package private(set) var elsewhere: [PackageElsewhere] = []
    /// The names of the values that the file uses or gives a default.
    package var valueNames: Set<String> = []

    fileprivate mutating func add(_ package: PackageSpec) {
        guard !package.architectures.isEmpty, !package.architectures.contains(package.architecture) else {
            return packages.append(package)
        }
        elsewhere.append(
            PackageElsewhere(
                "\(package.name) \(package.version)", architectures: package.architectures, place: package.place))
    }
}
