import ImageModel
import PackageModel
package import PackageSpecs
import SystemPackage

extension BuildInputs {
    /// Counts up when boatyard runs the same steps in another way.
    private static let engine = "1"
    /// Counts up when the same tree becomes another artefact.
    private static let artefactRules = "1"

    /// What enters the key of a package's build.
    ///
    /// Not in it: descriptions, labels, requests, secrets, the path of the checkout, who builds and where.
    package init(building package: PackageSpec, in surroundings: BuildSurroundings) {
        self.init()
        add("boatyard's way of building", Self.engine)
        add("architecture", surroundings.architecture)
        add("time", String(surroundings.epoch))
        if let build = package.build { add(build, surroundings) }
        for file in surroundings.files { add("file \(file.path)", file.content) }
    }

    /// What enters the key of what `prepare` leaves of a package; nil without such commands.
    ///
    /// Steps and copies are not in it, and the folder only when the commands find it: packages that are prepared in the same
    /// way share what that leaves.
    package init?(preparing package: PackageSpec, in surroundings: BuildSurroundings) {
        guard let build = package.build, !build.prepare.isEmpty else { return nil }
        self.init()
        add("boatyard's way of preparing", Self.engine)
        add("architecture", surroundings.architecture)
        add("time", String(surroundings.epoch))
        addBase(build, surroundings)
        addAccounts(surroundings)
        addEnvironment(build)
        for (index, step) in build.prepare.enumerated() { add("prepare \(index + 1)", step.value) }
        guard build.preparesInFolder else { return }
        addFetches(build.fetches.filter { !$0.target.isAbsolute }, surroundings)
        for file in surroundings.files { add("file \(file.path)", file.content) }
    }

    private mutating func addAccounts(_ surroundings: BuildSurroundings) {
        for account in surroundings.accounts.sorted(by: { $0.key < $1.key }) {
            add("account \(account.key)", String(account.value))
        }
    }

    private mutating func addFetches(_ fetches: [BuildFetch], _ surroundings: BuildSurroundings) {
        for fetch in fetches {
            let digest = fetch.digest ?? surroundings.fetches[fetch.url]
            add("download \(fetch.target)", "\(digest?.registryText ?? "")")
        }
    }

    private mutating func addEnvironment(_ build: BuildSpec) {
        for variable in build.environment.sorted(by: { $0.key < $1.key }) {
            add("environment \(variable.key)", variable.value)
        }
        add("network", build.hasNetwork ? "yes" : "no")
    }

    private mutating func add(_ build: BuildSpec, _ surroundings: BuildSurroundings) {
        addBase(build, surroundings)
        addAccounts(surroundings)
        addFetches(build.fetches, surroundings)
        for (index, copy) in build.copies.enumerated() {
            add("copy \(index + 1)", "\(Self.origin(copy, surroundings)) \(copy.source) → \(copy.destination)")
        }
        addEnvironment(build)
        for (index, step) in build.prepare.enumerated() { add("prepare \(index + 1)", step.value) }
        for (index, step) in build.steps.enumerated() { add("step \(index + 1)", step.value) }
        if let file = build.containerfile { add("containerfile", file.value.string) }
        // The file itself does not have the values.
        let lines = (build.containerText ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.isEmpty {
            add("containerfile line \(index + 1)", String(line))
        }
    }

    private mutating func addBase(_ build: BuildSpec, _ surroundings: BuildSurroundings) {
        switch build.base {
        case .nothing: add("base", "nothing")
        case .none: break
        case .buildContainer: add("base", "build container of \(surroundings.buildContainer ?? "")")
        case .layers(let image, _):
            if let image { add("base", surroundings.images["\(image.value)"]?.registryText ?? "") }
            for part in surroundings.base { add(part) }
        }
        guard build.containerfile != nil else { return }
        for image in surroundings.images.sorted(by: { $0.key < $1.key }) {
            add("image \(image.key)", image.value.registryText)
        }
    }

    private mutating func add(_ part: BuildSurroundings.Part) {
        add("package \(part.name)", part.content?.registryText ?? "no files")
        if !part.joins.isEmpty { add("package \(part.name) joins by", part.joins.joined(separator: ", ")) }
    }

    private static func origin(_ copy: BuildCopy, _ surroundings: BuildSurroundings) -> String {
        switch copy.origin.value {
        case .image(let image): surroundings.images["\(image)"]?.registryText ?? ""
        case .package(let request):
            surroundings.copies.first { $0.name == request.name }?.content?.registryText ?? "no files"
        }
    }

    /// What enters the key of a package's artefact: its build, and which files of it count.
    package init(artefactOf package: PackageSpec, buildKey: String) {
        self.init()
        add("rules of artefacts", Self.artefactRules)
        add("build", buildKey)
        guard let artefact = package.artefact else { return }
        add("artefact", Self.words(artefact.source))
        for glob in artefact.include { add("include \(glob)", "") }
        for glob in artefact.exclude { add("exclude \(glob)", "") }
        for glob in artefact.overrides { add("override \(glob.value)", "") }
        for glob in artefact.removes { add("remove \(glob.value)", "") }
        if artefact.carriesRemade { add("what an image makes again", "is content") }
        for split in package.splits {
            for glob in split.include { add("split \(split.name) \(glob)", "") }
        }
    }

    private static func words(_ source: ArtefactSpec.Source) -> String {
        switch source {
        case .difference: "difference"
        case .tree: "tree"
        case .directory(let folder): "directory \(folder)"
        case .files(let folder): "files \(folder)"
        }
    }
}
