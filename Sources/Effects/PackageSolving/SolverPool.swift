import CSolv
import PackageModel
import PackageSelection

/// Owns libsolv's view of the packages that can come up.
///
/// What fulfils a request is decided by us and handed over as a list: a lock is checked by the same rules, and libsolv's
/// flavour (of Debian, of RPM) makes no difference. For the same reason a version is handed over as its place in the order.
@safe
struct SolverPool: ~Copyable {
    private let pool: UnsafeMutablePointer<Pool>
    private var packages: [Id: Int] = [:]
    private var named: [Id: [Id]] = [:]
    /// Names whose packages are kept apart by a rule for each pair.
    private var paired: Set<Id> = []
    private var steps: Set<Id> = []
    private var needs: [Id] = []
    private var needNumbers: [Id: Int] = [:]

    /// Makes a pool of what a scope has; nil when there is no memory.
    init?(_ scope: SolverScope, in catalogue: PackageCatalogue) {
        guard let pool = unsafe pool_create() else { return nil }
        unsafe self.pool = unsafe pool
        // The library prints to standard output unless told otherwise.
        unsafe pool_setdebugmask(pool, 0)
        // As in Debian, what a package provides itself is no conflict.
        unsafe pool_set_flag(pool, POOL_FLAG_FORBIDSELFCONFLICTS, 0)
        for (number, request) in scope.needs.enumerated() {
            let need = unsafe pool_str2id(pool, "need \(number): \(request)", 1)
            needs.append(need)
            needNumbers[need] = number
        }
        addPackages(scope, catalogue)
        connect(scope)
    }

    deinit { unsafe pool_free(pool) }

    /// The pool as the library takes it, for as long as this one lives.
    var pointer: UnsafeMutablePointer<Pool> { unsafe pool }

    /// The number of a package in the catalogue; nil when it is none of ours.
    func package(_ solvable: Id) -> Int? { packages[solvable] }

    /// The number of a need in the scope; nil when it is none of ours.
    func need(_ dependency: Id) -> Int? { needNumbers[dependency] }

    /// What stands for a need of the scope.
    func dependency(_ need: Int) -> Id { needs[need] }

    /// Whether it stands for a step between versions of one name.
    func isStep(_ dependency: Id) -> Bool { steps.contains(dependency) }

    /// The packages of a name, as a list of the library's.
    borrowing func list(of name: PackageName) -> Id {
        unsafe list(named[pool_str2id(pool, name.description, 1)] ?? [])
    }

    /// Adds the packages, each to the repository of its layer; a lower layer has a lower priority.
    private mutating func addPackages(_ scope: SolverScope, _ catalogue: PackageCatalogue) {
        let repositories = unsafe catalogue.repositories.indices.map { number in
            let repository = unsafe repo_create(pool, "layer \(number)")
            unsafe repository?.pointee.priority = Int32(clamping: -number)
            return unsafe repository
        }
        for group in scope.groups(catalogue) {
            let steps = unsafe addSteps(group, scope, catalogue, repositories.first ?? nil)
            var counts = [Int](repeating: 0, count: catalogue.repositories.count)
            // The lowest version is the first of its repository.
            for (place, package) in group.enumerated().reversed() {
                let layer = catalogue.entries[package].repository
                counts[layer] += 1
                var (requires, conflicts) = (ids(scope.requires[package]), ids(scope.conflicts[package]))
                if place < steps.count { requires.append(steps[place]) }
                if place > 0, !steps.isEmpty { conflicts.append(steps[place - 1]) }
                let name = catalogue.set.packages[package].name.description
                guard
                    let solvable = unsafe add(
                        name, version: counts[layer], requires, conflicts, to: repositories[layer])
                else { continue }
                packages[solvable] = package
                if steps.isEmpty { unsafe paired.insert(pool_str2id(pool, name, 1)) }
            }
        }
    }

    /// Adds what keeps many packages of one name apart.
    ///
    /// Each brings a step, a step brings the next one, and each package forbids the step of the package before it. The
    /// library's own rules, one for each pair, would be half a million for a thousand packages.
    private mutating func addSteps(
        _ group: [Int], _ scope: SolverScope, _ catalogue: PackageCatalogue,
        _ repository: UnsafeMutablePointer<Repo>?
    ) -> [Id] {
        guard group.count > scope.limits.pairs, let first = group.first else { return [] }
        let name = catalogue.set.packages[first].name
        let names = (1..<group.count).map { "step \($0) of \(name)" }
        let ids = names.map { unsafe pool_str2id(pool, $0, 1) }
        for (place, name) in names.enumerated() {
            unsafe add(name, version: 1, Array(ids.dropFirst(place + 1).prefix(1)), [], to: repository)
        }
        steps.formUnion(ids)
        return ids
    }

    /// Adds a package; nil when there is no repository for it.
    @discardableResult
    private mutating func add(
        _ name: String, version: Int, _ requires: [Id], _ conflicts: [Id], to repository: UnsafeMutablePointer<Repo>?
    ) -> Id? {
        guard let repository = unsafe repository else { return nil }
        let solvable = unsafe repo_add_solvable(repository)
        let required = requires.reduce(Offset(0)) { unsafe repo_addid(repository, $0, $1) }
        let refused = conflicts.reduce(Offset(0)) { unsafe repo_addid(repository, $0, $1) }
        let name = unsafe pool_str2id(pool, name, 1)
        let evr = unsafe pool_str2id(pool, "\(version)", 1)
        let values = unsafe pool.pointee.solvables + Int(solvable)
        unsafe values.pointee.name = name
        unsafe values.pointee.arch = Id(ARCH_ALL.rawValue)
        unsafe values.pointee.evr = evr
        unsafe values.pointee.requires = required
        unsafe values.pointee.conflicts = refused
        named[name, default: []].append(solvable)
        return solvable
    }

    private func ids(_ numbers: [Int]?) -> [Id] { (numbers ?? []).map { needs[$0] } }

    /// Tells which packages fulfil which need, and which of a name are kept apart by pairs.
    private borrowing func connect(_ scope: SolverScope) {
        unsafe pool_createwhatprovides(pool)
        // Sorted, because a dictionary has another order in each process.
        for name in steps.union(paired).sorted() {
            unsafe pool_set_whatprovides(pool, name, list(named[name] ?? []))
        }
        let numbers = Dictionary(uniqueKeysWithValues: packages.map { ($0.value, $0.key) })
        for (need, satisfiers) in scope.satisfiers.enumerated() {
            unsafe pool_set_whatprovides(pool, needs[need], list(satisfiers.compactMap { numbers[$0] }))
        }
    }

    private borrowing func list(_ solvables: [Id]) -> Id {
        var solvables = solvables.sorted()
        return unsafe pool_ids2whatprovides(pool, &solvables, Int32(clamping: solvables.count))
    }
}
