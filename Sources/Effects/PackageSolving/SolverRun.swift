import CSolv
import PackageModel
import PackageSelection

/// Owns one solver over a pool, with its answer.
@safe
struct SolverRun: ~Copyable {
    private let solver: UnsafeMutablePointer<Solver>
    // Freed after the solver, which points to it.
    private let pool: SolverPool
    private let problemCount: Int

    /// Solves for the first needs of the pool's scope; nil when there is no memory.
    ///
    /// The corresponding C function is `solver_solve`.
    ///
    /// - Parameter preferred: names whose packages are taken before others that provide them.
    init?(_ pool: consuming SolverPool, requests: Int, preferred: [PackageName]) {
        guard let solver = unsafe solver_create(pool.pointer) else { return nil }
        unsafe self.solver = unsafe solver
        let jobs = SolverQueue()
        for request in 0..<requests {
            jobs.append(SOLVER_INSTALL | SOLVER_SOLVABLE_PROVIDES)
            jobs.append(pool.dependency(request))
        }
        for name in preferred {
            jobs.append(SOLVER_FAVOR | SOLVER_SOLVABLE_ONE_OF)
            jobs.append(pool.list(of: name))
        }
        problemCount = Int(unsafe solver_solve(solver, jobs.pointer))
        self.pool = pool
    }

    deinit { unsafe solver_free(solver) }

    /// The packages that were chosen, by their numbers in the catalogue; without meaning when there are problems.
    var chosen: [Int] {
        let decisions = SolverQueue()
        unsafe solver_get_decisionqueue(solver, decisions.pointer)
        return decisions.numbers.filter { $0 > 0 }.compactMap { pool.package($0) }
    }

    /// The proofs that requests cannot be had together; empty when they can.
    func proofs(_ scope: SolverScope, in catalogue: PackageCatalogue) -> [[ProofRule]] {
        (0..<problemCount).map { problem in
            let rules = SolverQueue()
            unsafe solver_findallproblemrules(solver, Id(problem + 1), rules.pointer)
            var apart = PackagesApart()
            let read = rules.numbers.compactMap { rule($0, scope, &apart) }
            return read + apart.rules(catalogue)
        }
    }

    /// One rule in our terms; nil for one that says nothing by itself.
    private func rule(_ number: Id, _ scope: SolverScope, _ apart: inout PackagesApart) -> ProofRule? {
        var (source, target, dependency): (Id, Id, Id) = (0, 0, 0)
        let kind = unsafe solver_ruleinfo(solver, number, &source, &target, &dependency)
        if kind == SOLVER_RULE_JOB { return .asked(Int(source) / 2) }
        guard let package = pool.package(source) else { return nil }
        if kind == SOLVER_RULE_PKG_SAME_NAME { return pool.package(target).map { .sameName(package, $0) } }
        if pool.isStep(dependency) {
            apart.add(package, isBefore: kind == SOLVER_RULE_PKG_REQUIRES)
            return nil
        }
        guard let need = pool.need(dependency).map({ scope.needs[$0] }) else { return nil }
        switch kind {
        case SOLVER_RULE_PKG_REQUIRES: return .needs(package, need)
        case SOLVER_RULE_PKG_NOTHING_PROVIDES_DEP: return .lacks(package, need)
        case SOLVER_RULE_PKG_CONFLICTS: return pool.package(target).map { .conflicts(package, need, $0) }
        default: return nil
        }
    }
}

/// Gathers which packages of one name a proof keeps apart by steps.
private struct PackagesApart {
    /// The most packages of a name on either side that are told; a proof may have a thousand.
    private static let shown = 32

    /// Packages that bring a step, and so forbid all that come after them.
    private var before: [Int] = []
    /// Packages that forbid a step, and so all that come before them.
    private var after: [Int] = []

    mutating func add(_ package: Int, isBefore: Bool) {
        if isBefore { before.append(package) } else { after.append(package) }
    }

    /// The pairs that cannot be together.
    func rules(_ catalogue: PackageCatalogue) -> [ProofRule] {
        let others = Dictionary(grouping: after.sorted()) { catalogue.set.packages[$0].name }
        return Dictionary(grouping: before.sorted()) { catalogue.set.packages[$0].name }.flatMap { name, packages in
            packages.prefix(Self.shown).flatMap { one in
                (others[name] ?? []).prefix(Self.shown).filter { $0 > one }.map { .sameName(one, $0) }
            }
        }
    }
}
