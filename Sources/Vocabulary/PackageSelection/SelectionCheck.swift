package import PackageModel

/// Something that is wrong with packages that were chosen before, such as those of a lock.
package enum SelectionFault: Equatable, Sendable, CustomStringConvertible {
    /// Nothing among them fulfils what the chain needs at its end; these versions of it are there.
    case unmet(NeedChain, [PackageVersion])
    /// The first package conflicts with what the request names, which is the second.
    case conflict(NamedVersions, PackageRequest, NamedVersions)
    /// A name is there more than once.
    case repeated(NamedVersions)
    /// A package is for another architecture.
    case foreign(NamedVersions, String)
    /// No request brings the package.
    case unneeded(NamedVersions)

    /// What is wrong, without a full stop.
    package var description: String {
        switch self {
        case .unmet(let chain, let versions):
            versions.isEmpty
                ? "\(chain.need) is not there, which is \(chain.words)"
                : "\(NamedVersions(chain.need.name, versions)) is there, but \(chain.need) is \(chain.words)"
        case .conflict(let one, let request, let other): "\(one) conflicts with \(request), and \(other) is there"
        case .repeated(let package): "\(package) are there, and an image has one version"
        case .foreign(let package, let architecture): "\(package) is for \(architecture)"
        case .unneeded(let package): "\(package) is there, and nothing needs it"
        }
    }
}

/// Checks packages that were chosen before, without solving.
package enum SelectionCheck {
    /// What is wrong with packages for an image, in a fixed order, whatever order the packages have.
    ///
    /// Nothing is when they fulfil the requests and each other's needs, without conflict, and each is brought by a request.
    package static func faults(
        of packages: [PackageMetadata], for requests: [PlacedRequest], architecture: String
    ) -> [SelectionFault] {
        let packages = packages.sorted { ($0.name, $0.version.description) < ($1.name, $1.version.description) }
        let graph = SelectionGraph(PackageSet(packages), PlacedRequest.joined(requests))
        let paths = graph.paths(from: graph.requests.indices)
        return unmet(graph, paths) + conflicts(graph) + repeated(graph)
            + packages.filter { ![architecture, "all"].contains($0.architecture) }
            .map { .foreign($0.named, $0.architecture) }
            + packages.indices.filter { paths.path(to: $0) == nil }.map { .unneeded(packages[$0].named) }
    }

    private static func unmet(_ graph: SelectionGraph, _ paths: NeedPaths) -> [SelectionFault] {
        let asked = zip(graph.requests, graph.answers).filter { $1.isEmpty }.map { NeedChain($0.0) }
        let needed = graph.set.packages.indices.flatMap { package -> [NeedChain] in
            let open = graph.needs[package].filter(\.packages.isEmpty)
            guard !open.isEmpty, let path = paths.path(to: package) else { return [] }
            return open.map { need in
                var chain = graph.chain(path)
                chain.links.append(NeedChain.Link(graph.set.packages[package].named, needs: need.request))
                return chain
            }
        }
        return (asked + needed).map { chain in
            .unmet(chain, graph.set.packages(named: chain.need.name).map { graph.set.packages[$0].version })
        }
    }

    private static func conflicts(_ graph: SelectionGraph) -> [SelectionFault] {
        graph.set.packages.indices.flatMap { package in
            graph.set.packages[package].conflicts.ordered.flatMap { request in
                graph.set.satisfiers(of: request).filter { $0 != package }.map {
                    .conflict(graph.set.packages[package].named, request, graph.set.packages[$0].named)
                }
            }
        }
    }

    private static func repeated(_ graph: SelectionGraph) -> [SelectionFault] {
        let packages = graph.set.packages
        return packages.indices.compactMap { index in
            let same = graph.set.packages(named: packages[index].name)
            guard same.count > 1, same.first == index else { return nil }
            return .repeated(NamedVersions(packages[index].name, same.map { packages[$0].version }))
        }
    }
}
