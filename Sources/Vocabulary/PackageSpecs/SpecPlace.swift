package import DocumentTree
package import Faults
package import SystemPackage

/// A place in a file that a layer consists of.
package struct SpecPlace: Equatable, Sendable, CustomStringConvertible {
    /// The file, as whoever read it names it: relative to the layer's folder.
    package var file: FilePath
    /// Line and column.
    package var mark: DocumentMark

    /// Names a place.
    package init(_ file: FilePath, _ mark: DocumentMark) {
        self.file = file
        self.mark = mark
    }

    /// `packages/base/package.yaml:6:3`: file, line and column.
    package var description: String { "\(file):\(mark.line):\(mark.column)" }
}

/// A value, and where it was written.
package struct Located<Value> {
    /// The value.
    package var value: Value
    /// Where it was written.
    package var place: SpecPlace

    /// Gives a value its place.
    package init(_ value: Value, at place: SpecPlace) {
        self.value = value
        self.place = place
    }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Sendable where Value: Sendable {}

/// Says what is wrong in a file of a layer, and where: the subject is `file:line:column`.
package typealias SpecError = Fault<SpecFault>

/// Names what is wrong in a file of a layer.
package enum SpecFault: FaultKind {
    /// What a file says cannot be used.
    case content
    /// Two files say the same.
    case twice
    /// There is more than is read.
    case limit
    /// A file cannot be read.
    case file
}

extension SpecError {
    /// Puts an error of a document at its place in a file.
    package init(_ file: FilePath, _ error: DocumentError) {
        self.init(SpecPlace(file, error.mark), error.reason)
    }

    /// Says what is wrong at a place, and what to write instead.
    package init(_ place: SpecPlace, _ reason: String) {
        self.init(.content, "reading", "\(place)", cause: reason, remedy: "Correct the file; nothing was done.")
    }
}
