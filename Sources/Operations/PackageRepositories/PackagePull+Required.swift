package import PackageModel
import PackageSelection
package import PackageSolving
import RepositoryPlanning

// What is pulled for a place that has nothing else has to be whole.
extension PackagePull {
    /// Packages that were chosen together.
    package struct Closure: Sendable {
        /// The packages; what one needs comes before it.
        package var packages: [RepositoryPackage]
        /// Choices that nobody made, a sentence each.
        package var warnings: [String]
    }

    /// What requests ask for together with all that it requires, as the solver chooses it for one image.
    ///
    /// - Parameter architecture: the image's.
    /// - Throws: `SolverError`; with all that stands against it when the repository does not have it.
    package static func closure(
        of requests: [PackageRequest], in opened: RepositoryReader.Opened, architecture: String
    ) throws(SolverError) -> Closure {
        let catalogue = PackageCatalogue([opened.known.index], architecture: architecture)
        let placed = requests.map { PlacedRequest($0, from: "the command line") }
        let result = try PackageSolver.result(of: placed, in: catalogue)
        return Closure(
            packages: result.packages.compactMap(\.package.published), warnings: result.warnings.map(\.description))
    }
}
