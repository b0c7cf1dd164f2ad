package import Faults
import SystemPackage

/// Says why a folder cannot be served.
package typealias LayoutServingError = Fault<LayoutServingFault>

/// Names why a folder cannot be served.
package enum LayoutServingFault: FaultKind {
    /// A layout's name is no name of a repository, or a folder of layouts was given one.
    case name
    /// There is more than a server keeps in memory.
    case size
}

extension LayoutServingError {
    private static let operation = "serving"

    static func noName(_ name: String) -> LayoutServingError {
        LayoutServingError(
            .name, operation, "the layout", cause: "'\(name)' is no name of a repository",
            remedy: "Give it one with --name: lower-case letters, digits and single '.', '_', '-', '/'.")
    }

    static func severalNames(_ path: FilePath) -> LayoutServingError {
        LayoutServingError(
            .name, operation, path.string, cause: "it has no index.json, so it is no layout that could get a name",
            remedy: "Leave --name out: the layouts below a folder have the names of their folders.")
    }

    static func tooLong(_ path: FilePath) -> LayoutServingError {
        LayoutServingError(
            .size, operation, path.string, cause: "its index.json is too long",
            remedy: "Divide the layout into several.")
    }

    static func tooMany(_ path: FilePath) -> LayoutServingError {
        LayoutServingError(
            .size, operation, path.string, cause: "it has more than \(LayoutShelf.maximumRepositories) layouts",
            remedy: "Name a folder that has fewer.")
    }
}
