package import PackageModel
package import PackageSelection

/// What came of requests.
package enum SolverAnswer: Sendable {
    /// They can be had together.
    case solved(SolverResult)
    /// They cannot, for each of these reasons alone.
    case refused([SelectionProblem])
}

/// What came of the question why something is not there.
package enum WhyNotAnswer: Sendable {
    /// It is there.
    case there(SolverResult)
    /// Nothing stands against it: with this choice it is there when it is asked for.
    case possible(SolverResult)
    /// It cannot be, for each of these reasons alone.
    case refused([SelectionProblem])
}

/// Chooses packages by libsolv: the highest versions that fulfil all requests together, the higher layer's repository first.
///
/// An answer depends on the catalogue and the requests alone, in whatever order these come. Nothing counts as installed.
package enum PackageSolver {
    /// Chooses packages.
    ///
    /// - Throws: `SolverError` when no answer was found out: there is too much to choose from, or no memory.
    package static func solve(
        _ requests: [PlacedRequest], in catalogue: PackageCatalogue, limits: SolverScope.Limits = SolverScope.Limits()
    ) throws(SolverError) -> SolverAnswer {
        let requests = PlacedRequest.joined(requests)
        var problems = requests.compactMap { ProblemReading.missing($0, in: catalogue) }
        let open = requests.filter { placed in !problems.contains { $0.requests == [placed] } }
        guard let scope = SolverScope(open.map(\.request), in: catalogue, limits: limits) else {
            throw .size
        }
        guard let pool = SolverPool(scope, in: catalogue) else { throw .library }
        let preferred = contested(scope, catalogue)
        guard let run = SolverRun(pool, requests: open.count, preferred: preferred) else { throw .library }
        let reading = ProblemReading(open, in: catalogue, alike: scope.alike)
        problems += run.proofs(scope, in: catalogue).map(reading.problem)
        guard problems.isEmpty else { return .refused(problems) }
        return .solved(SolverResult(run.chosen, for: requests, in: catalogue))
    }

    /// Chooses packages for somebody who cannot go on without them.
    ///
    /// - Throws: as `solve`, and `SolverError` (`refused`) when they cannot be had together, with all that stands against it.
    package static func result(
        of requests: [PlacedRequest], in catalogue: PackageCatalogue
    ) throws(SolverError) -> SolverResult {
        switch try solve(requests, in: catalogue) {
        case .solved(let result): return result
        case .refused(let problems): throw .refused(problems)
        }
    }

    /// What stands against a package besides requests that can be had.
    ///
    /// - Throws: `SolverError` when no answer was found out.
    package static func whyNot(
        _ request: PackageRequest, beside requests: [PlacedRequest], in catalogue: PackageCatalogue
    ) throws(SolverError) -> WhyNotAnswer {
        if case .solved(let result) = try solve(requests, in: catalogue),
            result.packages.contains(where: { $0.package.metadata.satisfies(request) })
        {
            return .there(result)
        }
        switch try solve(requests + [PlacedRequest(request, from: "this question")], in: catalogue) {
        case .solved(let result): return .possible(result)
        case .refused(let problems): return .refused(problems)
        }
    }

    /// Names of packages that others provide as well: the package of the name itself is taken first.
    private static func contested(_ scope: SolverScope, _ catalogue: PackageCatalogue) -> [PackageName] {
        let names = Set(scope.packages.map { catalogue.set.packages[$0].name })
        let provided = Set(
            scope.packages.flatMap { package in
                let metadata = catalogue.set.packages[package]
                return metadata.provides.map(\.name).filter { $0 != metadata.name }
            })
        return names.intersection(provided).sorted()
    }
}
