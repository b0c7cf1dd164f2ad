import DocumentTree
package import Faults
package import PackageModel
import PackageSelection

/// Says why packages cannot be the base of a build.
package typealias ClosureError = Fault<ClosureFault>

/// Names why packages cannot be the base of a build.
package enum ClosureFault: FaultKind {
    /// There is no package, or no version of it, that a request takes.
    case missing
    /// Two packages cannot be together.
    case conflict
}

/// Finds the packages that a base consists of: those that are asked for, and all that they require.
///
/// Between the packages of a layer and those of its lock there is nothing to choose: the highest version of a name that a
/// request takes. Choosing among repositories is the solver's.
package struct PackageClosure: Sendable {
    private let candidates: [PackageMetadata]
    private let byName: [PackageName: [Int]]
    /// What the image has that the packages are laid on.
    let present: [PackageMetadata]

    /// Takes what there is to take from.
    ///
    /// - Parameter present: what the image that the packages are laid on has: it fulfils what it fits, and stays as it is.
    package init(_ candidates: [PackageMetadata], on present: [PackageMetadata] = []) {
        self.candidates = candidates
        self.present = present
        var byName: [PackageName: [Int]] = [:]
        for (index, package) in candidates.enumerated() {
            for name in Set([package.name] + package.provides.map(\.name)) { byName[name, default: []].append(index) }
        }
        self.byName = byName
    }

    /// The packages of some requests, each behind what it requires, as far as there is no ring; otherwise in the order in
    /// which they are asked for.
    ///
    /// - Parameter asker: what asks, for messages, such as `packages/tide/package.yaml:9:5`.
    /// - Throws: `ClosureError`.
    package func packages(for requests: [PackageRequest], asker: String) throws(ClosureError) -> [PackageMetadata] {
        var walk = Walk()
        var stack: [(request: PackageRequest, asker: String)?] = requests.reversed().map { ($0, asker) }
        while let item = stack.popLast() {
            guard let item else {
                walk.close()
                continue
            }
            guard try !isPresent(item.request, item.asker) else { continue }
            let index = try choice(item.request, item.asker)
            guard walk.open(index) else { continue }
            stack.append(nil)
            let package = candidates[index]
            stack += package.requires.reversed().map { ($0, "\(package.name) \(package.version)") }
        }
        let result = walk.closed.map { candidates[$0] }
        try check(result)
        return result
    }

    /// The candidate that a request means.
    package func choice(_ request: PackageRequest, asker: String) throws(ClosureError) -> PackageMetadata {
        candidates[try choice(request, asker)]
    }

    private func choice(_ request: PackageRequest, _ asker: String) throws(ClosureError) -> Int {
        let named = byName[request.name] ?? []
        let fitting = named.filter { candidates[$0].satisfies(request) }
        // A package of that name comes before one that only provides it.
        let own = fitting.filter { candidates[$0].name == request.name }
        let best = (own.isEmpty ? fitting : own).max { one, other in
            candidates[one].version.compared(to: candidates[other].version) < 0
        }
        guard let best else { throw missing(request, named, asker) }
        return best
    }

    private func missing(_ request: PackageRequest, _ named: [Int], _ asker: String) -> ClosureError {
        let versions = named.map { "\(candidates[$0].version)" }.joined(separator: ", ")
        let near = byName.keys.map(\.description).sorted().nearest(to: "\(request.name)")
        let there = named.isEmpty ? near.map { "; did you mean \($0)?" } ?? "" : "; there is \(versions)"
        return ClosureError(
            .missing, "composing a base", "\(request)", cause: "\(asker) asks for it, and it is not there\(there)",
            remedy: "Correct the request, add the package, or run 'boatyard lock' when a layer below has it.")
    }

    /// Whether the image below has what is asked for.
    private func isPresent(_ request: PackageRequest, _ asker: String) throws(ClosureError) -> Bool {
        let named = (byName[request.name] ?? []).map { candidates[$0] }.filter { $0.name == request.name }
        guard let own = present.first(where: { $0.name == request.name }) else {
            // A package of that name comes before one that only provides it.
            return !named.contains { $0.satisfies(request) } && present.contains { $0.satisfies(request) }
        }
        guard own.satisfies(request) else { throw .replacing(own, "\(asker) asks for \(request)") }
        // It would be passed over without a word.
        if let other = named.first(where: { $0.version != own.version && $0.satisfies(request) }) {
            throw .replacing(own, "\(asker) asks for \(request), which may as well be \(other.version)")
        }
        return true
    }

    private func check(_ packages: [PackageMetadata]) throws(ClosureError) {
        try checkPresent(packages)
        var versions: [PackageName: PackageVersion] = [:]
        for package in packages {
            if let other = versions.updateValue(package.version, forKey: package.name) {
                throw clash("\(package.name) \(other)", "\(package.version) of it is asked for, too")
            }
            for conflict in package.conflicts {
                guard let other = packages.first(where: { $0.name != package.name && $0.satisfies(conflict) }) else {
                    continue
                }
                throw clash("\(package.name) \(package.version)", "it conflicts with \(other.name) \(other.version)")
            }
        }
    }

    /// Refuses packages that the image below has in another version, or that it cannot have beside its own.
    private func checkPresent(_ packages: [PackageMetadata]) throws(ClosureError) {
        for package in packages {
            if let own = present.first(where: { $0.name == package.name }) {
                throw .replacing(own, "\(package.name) \(package.version) would come on top of it")
            }
            for other in present {
                guard
                    package.conflicts.contains(where: other.satisfies)
                        || other.conflicts.contains(where: package.satisfies)
                else { continue }
                throw clash(
                    "\(package.name) \(package.version)", "it conflicts with \(other.name) \(other.version) of the base"
                )
            }
        }
    }

    private func clash(_ subject: String, _ cause: String) -> ClosureError {
        ClosureError(
            .conflict, "composing a base", subject, cause: cause,
            remedy: "Leave one of them out, or ask for one version.")
    }
}

extension ClosureError {
    /// A package of the base cannot become another one: nobody knows which of its files would have to go.
    package static func replacing(_ package: PackageMetadata, _ cause: String) -> ClosureError {
        ClosureError(
            .conflict, "laying packages on the base", "\(package.name) \(package.version)",
            cause: "the base has it, and \(cause); a package of the base stays as it is",
            remedy:
                "Take a base with the other version, with 'boatyard lock --update' when there is a newer one, or ask for \(package.version)."
        )
    }
}

/// A walk in depth, without recursion.
private struct Walk {
    private var seen: Set<Int> = []
    private var path: [Int] = []
    private(set) var closed: [Int] = []

    /// Enters a candidate; false when it was entered before.
    mutating func open(_ index: Int) -> Bool {
        guard seen.insert(index).inserted else { return false }
        path.append(index)
        return true
    }

    /// Leaves the one that was entered last.
    mutating func close() { if let index = path.popLast() { closed.append(index) } }
}
