package import PackageModel

/// Says what there is of a package when nothing fits a request for it.
package struct Availability: Equatable, Sendable {
    /// What may be meant instead; only for names that somebody asks for and nobody has.
    package var near: [PackageName] = []
    /// The versions that there are, best first.
    package var versions: [PackageVersion] = []
    /// Packages that provide the name without a version.
    package var unversioned: [PackageName] = []
    /// Other architectures for which there is something that fits.
    package var architectures: [String] = []
    /// The architecture of the image.
    package var architecture: String

    /// Knows of nothing.
    package init(for architecture: String) { self.architecture = architecture }

    /// Looks up what a chain needs at its end, where nothing fits.
    init(of chain: NeedChain, in catalogue: PackageCatalogue) {
        self.init(for: catalogue.architecture)
        let request = chain.need
        let foreign = catalogue.foreign
        architectures = Set(foreign.satisfiers(of: request).map { foreign.packages[$0].architecture }).sorted()
        versions = catalogue.versions(of: request.name)
        unversioned = catalogue.set.providers(of: request.name).map { catalogue.set.packages[$0] }
            .filter { $0.provides.contains { $0.name == request.name && $0.versions.exactVersion == nil } }
            .map(\.name).reduce(into: []) { names, name in if names.last != name { names.append(name) } }
        // Comparing all names takes its time, and what packages need is seldom misspelt.
        guard chain.links.isEmpty, architectures.isEmpty, versions.isEmpty, unversioned.isEmpty else { return }
        near = catalogue.near(request.name)
    }

    /// Why nothing fits, as the first half of a sentence about the chain.
    func cause(_ chain: NeedChain) -> String {
        let need = chain.need
        if !architectures.isEmpty {
            return
                "\(need) is there for \(WordList.of(architectures)) but not for \(architecture); it is \(chain.words)"
        }
        if !versions.isEmpty {
            return "there is no \(need) but \(NamedVersions(need.name, versions)); \(need) is \(chain.words)"
        }
        if !unversioned.isEmpty {
            return "\(need.name) is provided without a version by \(WordList.of(unversioned.map(\.description))), "
                + "which does not fulfil \(need); that is \(chain.words)"
        }
        let missing = chain.links.isEmpty ? "there is no package \(need.name)" : "nothing provides \(need)"
        return "\(missing), which is \(chain.words)"
    }

    /// What to do, as the beginning of a sentence.
    func way(_ chain: NeedChain) -> String {
        let isDirect = chain.links.isEmpty
        let other = isDirect ? "leave it out" : "leave out \(chain.asked.request.name)"
        if !architectures.isEmpty { return "Build it for \(architecture), or \(other)" }
        if !versions.isEmpty {
            return isDirect ? "Ask for a version that is there" : "Publish one that fits, or \(other)"
        }
        if !unversioned.isEmpty { return "Let the provider say its version, or \(other)" }
        if !near.isEmpty {
            return "Correct the name (\(WordList.of(near.map(\.description))) \(near.count > 1 ? "are" : "is") there)"
        }
        return isDirect ? "Correct the name, or add the repository that has it" : "Publish it, or \(other)"
    }
}
