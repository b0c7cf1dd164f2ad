import PackageModel

/// Knows who needs whom in a set of packages that are to be in one image.
struct SelectionGraph {
    let set: PackageSet
    let requests: [PlacedRequest]
    /// For each request the packages that fulfil it.
    let answers: [[Int]]
    /// For each package its needs, each with the packages that fulfil it.
    let needs: [[(request: PackageRequest, packages: [Int])]]

    init(_ set: PackageSet, _ requests: [PlacedRequest]) {
        self.set = set
        self.requests = requests
        answers = requests.map { set.satisfiers(of: $0.request) }
        needs = set.packages.map { package in package.requires.ordered.map { ($0, set.satisfiers(of: $0)) } }
    }

    /// The packages without those that nothing needs: where several fulfil a need, one that is needed anyway does.
    func needed() -> Set<Int> {
        var kept: Set<Int> = []
        var open = zip(requests, answers).map { (request: $0.request, packages: $1) }
        var undecided: [(request: PackageRequest, packages: [Int])] = []
        while true {
            while let need = open.popLast() {
                if need.packages.contains(where: kept.contains) { continue }
                guard need.packages.count < 2, let only = need.packages.first else {
                    undecided.append(need)
                    continue
                }
                kept.insert(only)
                open += needs[only]
            }
            undecided.removeAll { $0.packages.isEmpty || $0.packages.contains(where: kept.contains) }
            guard let need = undecided.min(by: { $0.request.description < $1.request.description }) else { return kept }
            let chosen = need.packages.first { set.packages[$0].name == need.request.name } ?? need.packages[0]
            kept.insert(chosen)
            open += needs[chosen]
        }
    }

    /// All packages, what a package needs before it where that is possible; the order of names decides the rest.
    func ordered() -> [Int] {
        var order: [Int] = []
        var seen: Set<Int> = []
        let byName = set.packages.indices.sorted { set.packages[$0].name < set.packages[$1].name }
        for root in byName where seen.insert(root).inserted {
            var path = [(package: root, next: followers(of: root)[...])]
            while let last = path.indices.last {
                guard let next = path[last].next.popFirst() else {
                    order.append(path.removeLast().package)
                    continue
                }
                if seen.insert(next).inserted { path.append((next, followers(of: next)[...])) }
            }
        }
        return order
    }

    private func followers(of package: Int) -> [Int] {
        Set(needs[package].flatMap(\.packages)).sorted { set.packages[$0].name < set.packages[$1].name }
    }

    /// The shortest ways from all requests, or from one.
    func paths(from requests: some Sequence<Int>) -> NeedPaths {
        var paths = NeedPaths()
        for number in requests { paths.begin(at: number, self.requests[number].request, answers[number]) }
        paths.follow { needs[$0].map { ($0.request, $0.packages) } }
        return paths
    }

    /// A way with names.
    func chain(_ path: NeedPaths.Path) -> NeedChain {
        NeedChain(
            requests[path.request],
            path.links.map { NeedChain.Link(set.packages[$0.package].named, needs: $0.needs) })
    }
}
