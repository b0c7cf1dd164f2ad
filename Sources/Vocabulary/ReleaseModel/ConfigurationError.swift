package import DocumentTree
package import SystemPackage

/// Says what is wrong in a configuration file, and where.
package struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file.
    package var file: FilePath
    /// The place; nil when the file as a whole is meant.
    package var mark: DocumentMark?
    /// What is wrong and what to write instead.
    package var reason: String

    /// Makes an error.
    package init(_ file: FilePath, mark: DocumentMark?, _ reason: String) {
        self.file = file
        self.mark = mark
        self.reason = reason
    }

    /// One line: operation, file, place, cause and remedy.
    package var description: String {
        let place = mark.map { "\($0): " } ?? ""
        return "reading \(file): \(place)\(reason). Correct the file; nothing was done."
    }
}
