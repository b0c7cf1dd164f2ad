import Faults
package import RegistryAccess
package import RegistryModel
package import SystemPackage

/// Where a repository is: in a registry, or in a layout on this machine.
package enum RepositoryPlace: Hashable, Sendable, CustomStringConvertible {
    /// `oci://host/repository`.
    case registry(ImageReference)
    /// `oci:PATH`, or the path of a folder.
    case layout(FilePath)

    /// Reads a place as people type it.
    ///
    /// - Throws: `PackageRepositoryError` for a tag or digest, which a repository has many of, and for other sources;
    ///   `RegistryModelError` for what is no reference.
    package init(typed text: String) throws { try self.init(SourceReference(typed: text), text) }

    /// Takes a reference out of a file.
    ///
    /// - Throws: as `init(typed:)`.
    package init(_ reference: SourceReference) throws(PackageRepositoryError) {
        try self.init(reference, "\(reference)")
    }

    private init(_ reference: SourceReference, _ text: String) throws(PackageRepositoryError) {
        switch reference {
        case .registry(let reference):
            guard reference.tag == nil, reference.digest == nil else {
                throw Self.fault(text, "it has a tag or digest", "Write oci://host/repository alone.")
            }
            self = .registry(reference)
        case .layout(let entry), .file(let entry):
            guard entry.tag == nil, entry.digest == nil else {
                throw Self.fault(text, "it has a name or digest behind the path", "Write oci:PATH alone.")
            }
            self = .layout(entry.path)
        default: throw Self.fault(text, "it is neither", "Write oci://host/repository, or oci:PATH for a layout.")
        }
    }

    private static func fault(_ text: String, _ cause: String, _ remedy: String) -> PackageRepositoryError {
        PackageRepositoryError(
            .layout, "reading the repository's name", text.quoted,
            cause: "taken for a repository in a registry or a layout: \(cause)", remedy: remedy)
    }

    /// What the memory knows it by, and signatures name.
    package var reference: String {
        switch self {
        case .registry(let reference): reference.name
        case .layout(let path): "oci:\(path)"
        }
    }

    /// The place as it can be typed.
    package var description: String {
        switch self {
        case .registry(let reference): "oci://\(reference.name)"
        case .layout(let path): "oci:\(path)"
        }
    }

    /// Whether it is on this machine, so that no request is made.
    package var isLocal: Bool { if case .layout = self { true } else { false } }

    /// Opens it.
    ///
    /// - Parameters:
    ///   - isNew: whether a layout is made where there is none.
    ///   - attempts: how often a registry is asked before it is given up; nil for as often as usual.
    ///   - checkpoint: is called at least four times a second while a registry is asked; an error that it throws ends it.
    /// - Throws: `RegistryError` for credentials that cannot be read, and for a layout that is not there.
    package func open(
        _ configuration: RegistryConfiguration, makes isNew: Bool = false, attempts: Int? = nil,
        checkpoint: @escaping () throws -> Void = {}
    ) throws -> AnyTarget {
        switch self {
        case .registry(let reference):
            var client = try RegistryClient(
                reference, configuration, userAgent: "boatyard", checkpoint: checkpoint)
            if let attempts { client.attempts = attempts }
            return AnyTarget(client)
        case .layout(let path):
            let entry = SourceReference.Entry(path)
            return AnyTarget(isNew ? try LayoutTarget(entry) : try LayoutTarget(existing: entry))
        }
    }
}
