import PackageModel

/// Finds the shortest ways from requests to the packages that they bring.
struct NeedPaths {
    /// A way to a package: the request that brings it, and the packages on the way with what each needs.
    typealias Path = (request: Int, links: [(package: Int, needs: PackageRequest)])

    private struct Step {
        /// The package that needs this one; nil for a request.
        var package: Int?
        /// The request's number, where there is no package.
        var number: Int
        var need: PackageRequest
    }

    /// For each package the steps to it, the shortest way first.
    private var steps: [Int: [Step]] = [:]
    private var queue: [Int] = []

    /// Begins with a request and its number, and the packages that it brings at once.
    mutating func begin(at number: Int, _ request: PackageRequest, _ packages: [Int]) {
        for package in packages { add(Step(package: nil, number: number, need: request), to: package) }
    }

    /// Goes on from package to package, the nearest first.
    mutating func follow(_ needs: (Int) -> [(PackageRequest, [Int])]) {
        var next = 0
        while next < queue.count {
            let package = queue[next]
            next += 1
            for (request, packages) in needs(package) {
                for found in packages { add(Step(package: package, number: 0, need: request), to: found) }
            }
        }
    }

    private mutating func add(_ step: Step, to package: Int) {
        if steps[package] == nil { queue.append(package) }
        steps[package, default: []].append(step)
    }

    /// Whether anything brings a package.
    func reaches(_ package: Int) -> Bool { steps[package] != nil }

    /// The shortest way to a package, if possible one whose last need is as wanted; nil when nothing brings it.
    func path(to package: Int, where isWanted: (PackageRequest) -> Bool = { _ in true }) -> Path? {
        let ways = steps[package] ?? []
        for step in ways.filter({ isWanted($0.need) }) + ways.prefix(1) {
            if let path = path(by: step, to: package) { return path }
        }
        return nil
    }

    private func path(by last: Step, to target: Int) -> Path? {
        var links: [(package: Int, needs: PackageRequest)] = []
        var step = last
        while let package = step.package {
            guard package != target, let before = steps[package]?.first else { return nil }
            links.append((package, step.need))
            step = before
        }
        return (step.number, links.reversed())
    }
}
