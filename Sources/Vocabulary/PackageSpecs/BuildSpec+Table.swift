import DocumentTree
import ImageModel
import JSONText
import PackageModel
import RegistryModel
import SystemPackage

extension BuildSpec {
    /// Every key of `build`.
    static func table(_ file: FilePath) -> DocumentTable<BuildSpec> {
        DocumentTable("build", origins(file) + work(file))
    }

    private static func origins(_ file: FilePath) -> [DocumentKey<BuildSpec>] {
        [
            DocumentKey(
                "from", .base(file),
                """
                What the container starts from: `nothing`; an `image`, `packages` or both, the packages laid on the \
                image; or the build container of another package. Only `containerfile` can do without it, and this \
                replaces the image of its first FROM.
                """
            ) { $0.base = $1 },
            DocumentKey(
                "fetch", .fetches(file), default: [], "What boatyard downloads and checks before the container starts."
            ) { $0.fetches = $1 },
            DocumentKey(
                "copy", .copies(file), default: [], "What is copied from packages and images, before the steps."
            ) { $0.copies = $1 },
        ]
    }

    private static func work(_ file: FilePath) -> [DocumentKey<BuildSpec>] {
        [
            DocumentKey(
                "environment", .environment, default: [:], "The environment of `prepare` and `steps`."
            ) { $0.environment = $1 },
            DocumentKey(
                "network", .truth, default: false,
                "Whether steps reach the network. Without it two builds differ only when their inputs do."
            ) { $0.hasNetwork = $1 },
            DocumentKey(
                "secrets", .secrets(file), default: [],
                "What is mounted below `/run/secrets` while steps run; it enters neither keys nor layers."
            ) { $0.secrets = $1 },
            DocumentKey(
                "prepare", .conditional(.located(.command, in: file), "run"), default: [],
                """
                Commands that run before `steps`; what they change is no content. What they leave is kept by a key of \
                its own, so that other steps do not run them again. They find `/build` only when one of them names it.
                """
            ) { $0.prepare = $1 },
            DocumentKey(
                "steps", .conditional(.located(.command, in: file), "run"), default: [],
                "Commands, each one `/bin/sh -ec` in the package's folder, which is mounted read-only at `/build`."
            ) { $0.steps = $1 },
            DocumentKey(
                "containerfile", .located(.pathBelow, in: file),
                """
                A Containerfile in the package's folder, instead of `copy`, `environment`, `prepare` and `steps`. In \
                it `${values.NAME}` and the like are replaced, and what else has the form `${…}` stays.
                """
            ) { $0.containerfile = $1 },
        ]
    }

    /// Refuses what makes no sense together.
    func check(at mark: DocumentMark) throws(DocumentError) {
        if containerfile != nil {
            let others = [
                ("copy", copies.isEmpty), ("environment", environment.isEmpty), ("prepare", prepare.isEmpty),
                ("steps", steps.isEmpty),
            ]
            guard let other = others.first(where: { !$0.1 }) else { return try checkNames(at: mark) }
            throw DocumentError(at: mark, "build has a containerfile, which says everything, and \(other.0); keep one")
        }
        guard let base else {
            throw DocumentError(at: mark, "build needs from: nothing, or a mapping with image, packages or package")
        }
        let isBare = copies.isEmpty && !fetches.contains { $0.target.isAbsolute }
        if base == .nothing, isBare, let step = (prepare + steps).first {
            throw DocumentError(
                at: step.place.mark,
                "a step needs a shell, and 'from: nothing' has none; copy one in, or name an image or packages")
        }
        try checkNames(at: mark)
    }

    private func checkNames(at mark: DocumentMark) throws(DocumentError) {
        var targets: Set<FilePath> = []
        for fetch in fetches where !targets.insert(fetch.target).inserted {
            throw DocumentError(at: fetch.place.mark, "two downloads go to \(fetch.target)")
        }
        var names: Set<String> = []
        for secret in secrets where !names.insert(secret.name).inserted {
            throw DocumentError(at: secret.place.mark, "two secrets are called \(secret.name)")
        }
    }
}

extension DocumentValue where Value == BuildSpec {
    /// The key `build`.
    static func build(_ file: FilePath) -> Self {
        let table = BuildSpec.table(file)
        return Self(.table(table.entries)) { (node, _) throws(DocumentError) in
            var build = BuildSpec()
            try table.read(node, into: &build)
            try build.check(at: node.mark)
            return build
        }
    }
}

extension DocumentValue where Value == [String: String] {
    /// Variables with their values.
    static var environment: Self {
        let names = DocumentNames("NAME", "the name of a variable", without: "=")
        let members = DocumentValue<[DocumentMember<String>]>.mapping(names, of: .anyText)
        return Self(members.shape) { (node, name) throws(DocumentError) in
            var variables: [String: String] = [:]
            for member in try members.read(node, name) {
                guard isVariable(member.name) else {
                    throw DocumentError(
                        at: member.mark, "\(member.name.quoted) must be the name of a variable: letters, digits and '_'"
                    )
                }
                variables[member.name] = member.value
            }
            return variables
        }
    }
}
