import DocumentTree
import Faults
import JSONText
import PackageModel
import SystemPackage

/// Refuses what makes no sense together in a package, and says what counts where nothing is said.
struct PackageChecks {
    /// Where the keys of the file stand.
    let marks: [String: DocumentMark]
    /// Whether a condition asked for the architecture.
    let isForOneArchitecture: Bool

    private func fault(_ key: String, _ reason: String) -> DocumentError {
        DocumentError(at: marks[key] ?? marks["name"] ?? DocumentMark(line: 1, column: 1), reason)
    }

    func checked(_ package: PackageSpec) throws(DocumentError) -> PackageSpec {
        var package = package
        if package.architectures == ["all"] {
            guard !isForOneArchitecture else {
                throw fault("architectures", "a package for all architectures has no conditions on arch")
            }
            package.architecture = "all"
        }
        if package.build != nil, package.artefact == nil { package.artefact = ArtefactSpec(.difference) }
        if let artefact = package.artefact { try check(artefact, package) } else { try checkVirtual(package) }
        try checkNames(package)
        return package
    }

    private func checkVirtual(_ package: PackageSpec) throws(DocumentError) {
        guard package.splits.isEmpty else { throw fault("split", "there is nothing to split: it has no build") }
        guard package.requires.isEmpty, package.provides.isEmpty, package.finalize.isEmpty else { return }
        throw fault("name", "it has no build, no artefact and requires nothing; what is it for?")
    }

    private func check(_ artefact: ArtefactSpec, _ package: PackageSpec) throws(DocumentError) {
        if case .files = artefact.source {
            guard package.build == nil else {
                throw fault(
                    "artefact", "'files' takes files of the folder without a container; leave out build or files")
            }
        } else {
            guard let build = package.build else {
                throw fault("artefact", "it takes files of a container, and there is no build; write build, or 'files'")
            }
            try check(build, artefact)
        }
        if let removed = artefact.removes.first, artefact.source != .difference || package.build?.base == .nothing {
            throw DocumentError(at: removed.place.mark, "removes needs a difference from a base, which is not there")
        }
        let hasBase = package.build.map { $0.base != .nothing } ?? false
        if let path = artefact.overrides.first, !hasBase, package.requires.isEmpty {
            throw DocumentError(
                at: path.place.mark, "overrides of nothing: the package has no base, and requires no other")
        }
    }

    /// A build whose artefact is empty whatever happens.
    private func check(_ build: BuildSpec, _ artefact: ArtefactSpec) throws(DocumentError) {
        let adds = build.containerfile != nil || !build.steps.isEmpty || !build.copies.isEmpty
        if adds || build.fetches.contains(where: { $0.target.isAbsolute }) { return }
        guard artefact.source == .difference || build.base == .nothing else { return }
        let hint = build.prepare.isEmpty ? "" : "; what prepare changes is no content"
        throw fault("build", "it adds nothing to its base: write steps, copy, containerfile, or fetch to a path\(hint)")
    }

    private func checkNames(_ package: PackageSpec) throws(DocumentError) {
        let splits = package.splits.map { ($0.name, $0.place.mark, $0.requires) }
        var names: Set<PackageName> = []
        for (name, mark, requires) in [(package.name, package.place.mark, package.requires)] + splits {
            guard names.insert(name).inserted else { throw DocumentError(at: mark, "\(name) is split off twice") }
            if let own = requires.first(where: { $0.value.name == name }) {
                throw DocumentError(at: own.place.mark, "\(name) requires itself")
            }
            do throws(PackageTextError) { _ = try PackageTag.tag(name, package.version) } catch {
                throw DocumentError(at: mark, "\(error.cause). \(error.remedy)")
            }
        }
        let bytes = JSONValue.object(package.metadata.json).serialized().count
        guard bytes <= PackageMetadata.sizeLimit else {
            throw fault("name", "its description has \(bytes) bytes; at most \(PackageMetadata.sizeLimit) are read")
        }
    }
}
