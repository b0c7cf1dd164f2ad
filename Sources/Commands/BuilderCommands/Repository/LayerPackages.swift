import BuildPlanning
import ContainerBuilds
import Faults
import PackageBuilding
import PackageModel
import PackageRepositories
import PackageSpecs

/// Gives what has been built of a layer to a repository.
enum LayerPackages {
    /// All packages of a layer as their last builds left them, and the layer's name.
    ///
    /// - Throws: `LayerPackagesError` when something would have to be built first; the errors of a build that is planned.
    static func all(of session: LayerSession) throws -> (packages: [BuiltPackage], name: String) {
        var builder = try session.builder()
        builder.isDry = true
        let summary = try builder.run { _ in }
        if let error = summary.failures.sorted(by: { $0.key < $1.key }).first?.value { throw error }
        let missing = summary.due + summary.unknown
        guard missing.isEmpty else { throw LayerPackagesError.unbuilt(missing.sorted()) }
        let packages = try session.specs.packages.flatMap { package in
            try package.outputs.compactMap { metadata in
                try summary.outputs[metadata.identity].map {
                    BuiltPackage(
                        try builder.described(metadata), $0, session.cache, key: summary.buildKeys[package.identity])
                }
            }
        }
        return (packages, session.specs.layer.name)
    }
}

/// Says why a layer cannot be put into a repository.
typealias LayerPackagesError = Fault<LayerPackagesFault>

/// Names why a layer cannot be put into a repository.
enum LayerPackagesFault: FaultKind {
    /// Something has to be built first.
    case unbuilt
}

extension LayerPackagesError {
    static func unbuilt(_ names: [String]) -> LayerPackagesError {
        LayerPackagesError(
            .unbuilt, "making a repository of", "the layer",
            cause: "not built, or changed since: \(names.prefix(10).joined(separator: ", "))"
                + (names.count > 10 ? " and \(names.count - 10) more" : ""),
            remedy: "Run 'boatyard package build' first.")
    }
}
