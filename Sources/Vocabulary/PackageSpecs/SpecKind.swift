package import DocumentTree
package import JSONText
import SystemPackage

/// The kinds of files that a layer consists of, by the words for them on the command line.
package enum SpecKind: String, CaseIterable, Sendable {
    /// `boatyard.yaml`.
    case boatyard
    /// `package.yaml`.
    case package
    /// `derivative.yaml`.
    case derivative
    /// `values/NAME.yaml`.
    case values
    /// `boatyard.lock`.
    case lock

    /// What a file of the kind is called.
    package var fileName: String {
        switch self {
        case .boatyard: LayerFile.fileName.string
        case .package: PackageFile.fileName.string
        case .derivative: DerivativeSpec.fileName.string
        case .values: "\(FlavourFile.folder)/NAME.yaml"
        case .lock: LockFile.fileName.string
        }
    }

    /// Its keys, of which schema and reference are made.
    package var entries: [DocumentEntry] {
        switch self {
        case .boatyard: LayerFile.table("").entries
        case .package: PackageSpec.table("").entries
        case .derivative: DerivativeSpec.table("").entries
        case .values: FlavourFile.table.entries
        case .lock: LockFile.table.entries
        }
    }

    /// A JSON Schema (draft 2020-12) of such files, for editors.
    package var schema: JSONValue { entries.schema(title: fileName) }
}
