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
    /// The numbers that libsolv gives to packages, in the order of those of the scope.
    private var solvables: [Id] = []
    private var packages: [Id: Int] = [:]
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

    /// What stands for a name.
    func name(_ name: PackageName) -> Id { unsafe pool_str2id(pool, name.description, 1) }

    /// Adds the packages, each to the repository of its layer; a lower layer has a lower priority.
    private mutating func addPackages(_ scope: SolverScope, _ catalogue: PackageCatalogue) {
        let repositories = unsafe catalogue.repositories.indices.map { number in
            let repository = unsafe repo_create(pool, "layer \(number)")
            unsafe repository?.pointee.priority = Int32(clamping: -number)
            return unsafe repository
        }
        let places = SolverPool.places(scope.packages, catalogue)
        for (package, place) in zip(scope.packages, places) {
            let entry = catalogue.entries[package]
            guard let repository = unsafe repositories[entry.repository] else { continue }
            let solvable = unsafe repo_add_solvable(repository)
            solvables.append(solvable)
            packages[solvable] = package
            let requires = unsafe list(scope.requires[package] ?? [], in: repository)
            let conflicts = unsafe list(scope.conflicts[package] ?? [], in: repository)
            let values = unsafe pool.pointee.solvables + Int(solvable)
            unsafe values.pointee.name = name(entry.package.metadata.name)
            unsafe values.pointee.arch = Id(ARCH_ALL.rawValue)
            unsafe values.pointee.evr = unsafe pool_str2id(pool, "\(place)", 1)
            unsafe values.pointee.requires = requires
            unsafe values.pointee.conflicts = conflicts
        }
    }

    /// For each package its place among those of its name and repository, 1 for the lowest version.
    private static func places(_ packages: [Int], _ catalogue: PackageCatalogue) -> [Int] {
        var places: [Int] = []
        for package in packages.reversed() {
            let entry = catalogue.entries[package]
            let before = places.last.map { _ in catalogue.entries[packages[packages.count - places.count]] }
            let isNext =
                before?.package.metadata.name == entry.package.metadata.name && before?.repository == entry.repository
            places.append(isNext ? (places.last ?? 0) + 1 : 1)
        }
        return places.reversed()
    }

    private func list(_ needs: [Int], in repository: UnsafeMutablePointer<Repo>) -> Offset {
        needs.reduce(0) { offset, need in unsafe repo_addid(repository, offset, self.needs[need]) }
    }

    /// Tells which packages fulfil which need, and which have which name.
    private borrowing func connect(_ scope: SolverScope) {
        var names: [Id: [Id]] = [:]
        for solvable in solvables {
            unsafe names[pool.pointee.solvables[Int(solvable)].name, default: []].append(solvable)
        }
        unsafe pool_createwhatprovides(pool)
        for (name, same) in names { setProviders(of: name, same) }
        let numbers = Dictionary(uniqueKeysWithValues: packages.map { ($0.value, $0.key) })
        for (need, satisfiers) in scope.satisfiers.enumerated() {
            setProviders(of: needs[need], satisfiers.compactMap { numbers[$0] })
        }
    }

    private borrowing func setProviders(of dependency: Id, _ solvables: [Id]) {
        var solvables = solvables
        let list = unsafe pool_ids2whatprovides(pool, &solvables, Int32(clamping: solvables.count))
        unsafe pool_set_whatprovides(pool, dependency, list)
    }
}
