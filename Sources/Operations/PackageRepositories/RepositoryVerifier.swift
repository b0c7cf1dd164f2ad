import Cryptography
import Faults
import ImageModel
package import PackageModel
package import RegistryAccess
package import RegistryModel

/// Looks whether a repository has all that its index names.
package enum RepositoryVerifier {
    /// Something that is not as the index says.
    package struct Finding: Equatable, Sendable {
        /// The package.
        package var package: RepositoryPackage
        /// What is wrong.
        package var cause: String
    }

    /// Asks for every document and every layer, or reads them.
    ///
    /// - Parameters:
    ///   - isDeep: whether everything is read and hashed.
    ///   - report: is told before each package.
    /// - Returns: what is missing or damaged; nothing for a repository that is whole.
    /// - Throws: what keeps it from being found out.
    package static func findings(
        _ opened: RepositoryReader.Opened, in target: inout some RepositoryTarget & ~Copyable, isDeep: Bool,
        report: (TransferProgress) -> Void = { _ in }
    ) throws -> [Finding] {
        var findings: [Finding] = []
        var done = 0
        for package in opened.packages {
            report(TransferProgress("checking packages", done: done, total: opened.packages.bytes))
            let cause = isDeep ? try damage(of: package, in: &target) : try absence(of: package, in: &target)
            if let cause { findings.append(Finding(package: package, cause: cause)) }
            done += [package].bytes
        }
        return findings
    }

    private static func absence(
        of package: RepositoryPackage, in target: inout some RepositoryTarget & ~Copyable
    ) throws -> String? {
        guard try target.hasManifest(package.manifest) else {
            return "its manifest \(package.manifest.registryText) is missing"
        }
        if let layer = package.layer, try !target.hasBlob(PackageTransfer.layer(layer, of: package)) {
            return "its layer \(layer.registryText) is missing"
        }
        if let details = package.details, try !target.hasManifest(details) {
            return "its details \(details.registryText) are missing"
        }
        return nil
    }

    /// Reads everything of a package.
    private static func damage(
        of package: RepositoryPackage, in target: inout some RepositoryTarget & ~Copyable
    ) throws -> String? {
        do {
            let manifest = try ImageManifest(parsing: try target.manifest(package.manifest))
            guard manifest.layers.map(\.digest) == package.layer.map({ [$0] }) ?? [] else {
                return "its manifest names other layers than the index"
            }
            try read(manifest, in: &target)
            if let details = package.details {
                try read(try ImageManifest(parsing: try target.manifest(details)), in: &target)
            }
            return nil
        } catch let error as RegistryError where error.kind == .notFound || error.kind == .corrupted {
            return "\(error.subject): \(error.cause)"
        } catch let error as RegistryModelError {
            return "\(error.subject): \(error.cause)"
        }
    }

    private static func read(
        _ manifest: ImageManifest, in target: inout some RepositoryTarget & ~Copyable
    ) throws {
        for blob in [manifest.config] + manifest.layers { try target.read(blob, from: 0) { _ in } }
    }
}
