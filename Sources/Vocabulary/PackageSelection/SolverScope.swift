package import PackageModel

/// Holds what a solver has to know of a catalogue for some requests: the packages that can come up at all, without those
/// that a better one of the same name stands for.
///
/// A version of a package that needs, conflicts with and fulfils the same as a better one of the same repository is never
/// taken: where it fits, the better one does. A repository with a build of each night so becomes small.
package struct SolverScope: Sendable {
    /// How much a solver is given to do.
    package struct Limits: Sendable {
        /// The most rules that are made, about; a solver needs about 50 bytes for each.
        package var rules = 4_000_000
        /// The most packages of one name that are kept apart by a rule for each pair.
        package var pairs = 64

        /// As much as a machine can do in a few seconds.
        package init() {}
    }

    /// How much it may be.
    package let limits: Limits
    /// What is asked for, needed and conflicted with; the requests come first, in their order.
    package private(set) var needs: [PackageRequest] = []
    /// For each need the packages that fulfil it, by their numbers in the catalogue, ascending.
    package private(set) var satisfiers: [[Int]] = []
    /// The packages that can come up, ascending.
    package private(set) var packages: [Int] = []
    /// What each package needs, as numbers of needs.
    package private(set) var requires: [Int: [Int]] = [:]
    /// What each package conflicts with, as numbers of needs.
    package private(set) var conflicts: [Int: [Int]] = [:]
    /// The packages that each one stands for, itself in front.
    package private(set) var alike: [Int: [Int]] = [:]
    private var numbers: [PackageRequest: Int] = [:]

    /// Gathers what can come up for some requests, which must differ; nil when it would be more than a solver can hold.
    package init?(
        _ requests: [PackageRequest], in catalogue: PackageCatalogue, limits: Limits = Limits()
    ) {
        self.limits = limits
        for request in requests { _ = number(of: request, catalogue) }
        var seen = Set(satisfiers.joined())
        var open = seen.sorted()
        var links = 0
        while let package = open.popLast() {
            let metadata = catalogue.set.packages[package]
            let required = numbers(of: metadata.requires, catalogue)
            requires[package] = required
            conflicts[package] = numbers(of: metadata.conflicts, catalogue)
            open += required.flatMap { satisfiers[$0] }.filter { seen.insert($0).inserted }
            links += required.count + metadata.conflicts.count
            guard links <= limits.rules, held <= limits.rules else { return nil }
        }
        join(seen.sorted(), catalogue)
        guard ruleCount(catalogue) <= limits.rules else { return nil }
    }

    /// How many numbers the lists of satisfiers have, and about how many packages were asked for them.
    private var held = 0

    private mutating func number(of request: PackageRequest, _ catalogue: PackageCatalogue) -> Int {
        if let number = numbers[request] { return number }
        numbers[request] = needs.count
        needs.append(request)
        satisfiers.append(catalogue.set.satisfiers(of: request))
        held += satisfiers[needs.count - 1].count + catalogue.set.providers(of: request.name).count / 4
        return needs.count - 1
    }

    /// The numbers of different requests, whose order makes no difference.
    private mutating func numbers(of requests: [PackageRequest], _ catalogue: PackageCatalogue) -> [Int] {
        Set(requests.ordered.map { number(of: $0, catalogue) }).sorted()
    }

    /// What tells a package from others of its name.
    private struct Shape: Hashable {
        var name: PackageName
        var repository: Int
        var requires: [Int]
        var conflicts: [Int]
        var fulfils: [Int]
    }

    /// Keeps the first package of each shape.
    private mutating func join(_ found: [Int], _ catalogue: PackageCatalogue) {
        var fulfils: [Int: [Int]] = [:]
        for (need, packages) in satisfiers.enumerated() {
            for package in packages { fulfils[package, default: []].append(need) }
        }
        var first: [Shape: Int] = [:]
        for package in found {
            let entry = catalogue.entries[package]
            let shape = Shape(
                name: entry.package.metadata.name, repository: entry.repository, requires: requires[package] ?? [],
                conflicts: conflicts[package] ?? [], fulfils: fulfils[package] ?? [])
            if let standing = first[shape] {
                alike[standing, default: []].append(package)
            } else {
                first[shape] = package
                alike[package] = [package]
                packages.append(package)
            }
        }
        satisfiers = satisfiers.map { $0.filter { alike[$0] != nil } }
    }

    /// The packages by name, those of one name best first.
    package func groups(_ catalogue: PackageCatalogue) -> [[Int]] {
        var groups: [[Int]] = []
        var start = 0
        for index in packages.indices.dropFirst() + [packages.count] where start < packages.count {
            let name = catalogue.set.packages[packages[start]].name
            if index == packages.count || catalogue.set.packages[packages[index]].name != name {
                groups.append(Array(packages[start..<index]))
                start = index
            }
        }
        return groups
    }

    /// How many rules a solver makes of it, about.
    private func ruleCount(_ catalogue: PackageCatalogue) -> Int {
        let apart = groups(catalogue).map { $0.count > limits.pairs ? $0.count * 3 : $0.count * ($0.count - 1) / 2 }
        return packages.reduce(apart.reduce(0, +)) { count, package in
            let refused = (conflicts[package] ?? []).reduce(0) { $0 + satisfiers[$1].count }
            return count + (requires[package]?.count ?? 0) + refused
        }
    }
}
