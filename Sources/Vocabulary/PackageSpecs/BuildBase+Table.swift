import DocumentTree
import JSONText
import PackageModel
import RegistryModel
import SystemPackage

/// What stands in `from` before it is known what it says together.
private struct BaseKeys: Sendable {
    /// The only stage there is: the container after all steps.
    enum Stage: String, CaseIterable, Sendable {
        case build
    }

    var image: Located<SourceReference>?
    var packages: [Located<PackageRequest>] = []
    var package: Located<PackageRequest>?
    var stage: Stage?

    static func table(_ file: FilePath) -> DocumentTable<BaseKeys> {
        DocumentTable(
            "from",
            [
                DocumentKey(
                    "image", .located(.image, in: file),
                    "A container image. Its digest is in the lock file, so that a tag that moves changes nothing."
                ) { $0.image = $1 },
                DocumentKey(
                    "packages", .conditional(.located(.request, in: file), "item"), default: [],
                    "Packages whose artefacts are joined, with all that they require."
                ) { $0.packages = $1 },
                DocumentKey(
                    "package", .located(.request, in: file), "A package whose build container is taken, with its tools."
                ) { $0.package = $1 },
                DocumentKey(
                    "stage", .choice,
                    "What is taken of `package`; `build` must be written, because artefacts are usual."
                ) { $0.stage = $1 },
            ])
    }

    func base(at mark: DocumentMark) throws(DocumentError) -> BuildBase {
        if let package {
            guard image == nil, packages.isEmpty else {
                throw DocumentError(at: mark, "'package' stands alone; 'packages' are laid on an image")
            }
            guard stage == .build else {
                throw DocumentError(
                    at: mark,
                    "'package' takes a build container and needs 'stage: build'; artefacts are 'packages: […]'")
            }
            return .buildContainer(of: package)
        }
        guard stage == nil else { throw DocumentError(at: mark, "'stage' needs 'package'") }
        guard image != nil || !packages.isEmpty else {
            throw DocumentError(at: mark, "from names neither an image nor packages; write 'from: nothing' for that")
        }
        return .layers(image: image, packages: packages)
    }
}

extension DocumentValue where Value == BuildBase {
    /// The key `from`.
    static func base(_ file: FilePath) -> Self {
        let table = BaseKeys.table(file)
        return Self(.either([.choice(["nothing"]), .table(table.entries)])) { (node, name) throws(DocumentError) in
            if case .scalar(let text, _) = node.content, !node.isEmpty {
                if text == "nothing" { return .nothing }
                throw DocumentError(
                    at: node.mark,
                    "\(name) must be 'nothing', or a mapping such as {image: \(text.quoted.dropFirst().dropLast())}")
            }
            var keys = BaseKeys()
            try table.read(node, into: &keys)
            return try keys.base(at: node.mark)
        }
    }
}
