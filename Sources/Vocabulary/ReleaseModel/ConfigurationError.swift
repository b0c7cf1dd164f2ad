package import DocumentTree
package import Faults
package import SystemPackage

/// Says what is wrong in a configuration file, and where.
package typealias ConfigurationError = Fault<ConfigurationFault>

/// Names what is wrong in a configuration.
package struct ConfigurationFault: FaultKind {
    /// What is wrong and what to write instead.
    package var reason: String
}

extension ConfigurationError {
    /// Locates a fault; `mark` is nil when the file as a whole is meant.
    package init(_ file: FilePath, mark: DocumentMark?, _ reason: String) {
        let place = mark.map { "\($0): " } ?? ""
        self.init(
            ConfigurationFault(reason: reason), "reading", file.string, cause: "\(place)\(reason)",
            remedy: "Correct the file; nothing was done.")
    }
}
