package import PackageModel

/// A package, how it came to be needed, and what could be had in its place if the request for it were another.
package struct WantedPackage: Equatable, Sendable {
    /// The package, in the versions that are in the way.
    package var package: NamedVersions
    /// How it came to be needed.
    package var chain: NeedChain
    /// Versions that would not be in the way, which the request for it does not take; best first.
    package var others: [PackageVersion]

    /// Describes a package that is in the way.
    package init(_ package: NamedVersions, _ chain: NeedChain, others: [PackageVersion] = []) {
        self.package = package
        self.chain = chain
        self.others = others
    }

    /// `allow a later app/fortune (0.3 is in the repository)`; nil when there is none.
    var way: String? {
        guard let other = others.first, let own = package.versions.first else { return nil }
        let kind = other.compared(to: own) > 0 ? "a later" : "an earlier"
        return "allow \(kind) \(package.name) (\(other) is in the repository)"
    }

    /// `app/teller 2.0 is asked for by F`, with what was asked for unless that says no more than the version.
    var sentence: String {
        let isPlain = chain.need.name == package.name && chain.need.versions.conditions.isEmpty
        let need = isPlain || chain.need.versions.exactVersion == package.versions.first ? "" : " (as \(chain.need))"
        return "\(package)\(need) \(package.verb) \(chain.words)"
    }
}

/// One thing that stands against a choice of packages.
package enum SelectionObstacle: Equatable, Sendable {
    /// Nothing fulfils what the chain needs at its end.
    case missing(NeedChain, Availability, others: WantedPackage?)
    /// The first package conflicts with what the request names, which is the second.
    case conflict(WantedPackage, PackageRequest, WantedPackage)
    /// Two versions of one name are needed.
    case disagreement(WantedPackage, WantedPackage)

    /// Why it cannot be: cause first, then who asks; no full stop.
    package var cause: String {
        switch self {
        case .missing(let chain, let availability, _): availability.cause(chain)
        case .conflict(let one, let request, let other):
            "\(one.package) (\(one.chain.brief)) conflict\(one.package.versions.count > 1 ? "" : "s") with \(request); "
                + other.sentence
        case .disagreement(let one, let other):
            "an image has one version of \(one.package.name), but \(one.sentence), and \(other.sentence)"
        }
    }

    /// The way out, a sentence.
    package var remedy: String { Self.sentence(ways) }

    private static func sentence(_ ways: [String]) -> String { ways.joined(separator: ", or ") + "." }

    private var ways: [String] {
        switch self {
        case .missing(let chain, let availability, let wanted):
            [availability.way(chain), wanted?.way].compactMap(\.self)
        case .conflict(let one, _, let other): [Self.leaving(one, other), other.way, one.way].compactMap(\.self)
        case .disagreement(let one, let other) where one.chain.asked == other.chain.asked: [Self.leaving(one, other)]
        case .disagreement: ["Change one of the requests so that one version fits both"]
        }
    }

    private static func leaving(_ one: WantedPackage, _ other: WantedPackage) -> String {
        let isOne = one.chain.asked == other.chain.asked
        return "Leave out \(isOne ? "\(one.chain.asked.request.name)" : "one of them")"
    }

    /// What tells it from others but for versions.
    var shape: [String] {
        switch self {
        case .missing(let chain, _, _): ["missing"] + chain.shape
        case .conflict(let one, let request, let other):
            ["conflict", "\(one.package.name)", "\(request)", "\(other.package.name)"] + one.chain.shape
                + other.chain.shape
        case .disagreement(let one, let other):
            ["disagreement", "\(one.package.name)"] + one.chain.shape + other.chain.shape
        }
    }

    /// Takes the versions of another one of the same shape in.
    mutating func add(_ other: SelectionObstacle) {
        switch (self, other) {
        case (.missing(var chain, let availability, let wanted), .missing(let its, _, _)):
            chain.add(its)
            self = .missing(chain, availability, others: wanted)
        case (.conflict(var one, let request, var two), .conflict(let its, _, let second)):
            one.add(its)
            two.add(second)
            self = .conflict(one, request, two)
        case (.disagreement(var one, var two), .disagreement(let its, let second)):
            one.add(its)
            two.add(second)
            self = .disagreement(one, two)
        default: break
        }
    }
}

extension WantedPackage {
    fileprivate mutating func add(_ other: WantedPackage) {
        package.add(other.package)
        chain.add(other.chain)
    }
}

extension NeedChain {
    fileprivate mutating func add(_ other: NeedChain) {
        for index in links.indices.prefix(other.links.count) { links[index].package.add(other.links[index].package) }
    }
}

extension NamedVersions {
    fileprivate mutating func add(_ other: NamedVersions) {
        versions += other.versions.filter { !versions.contains($0) }
        versions.sort { $0.compared(to: $1) > 0 }
    }
}
