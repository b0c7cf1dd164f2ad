import DocumentTree
import ImageModel
import PackageModel
import RegistryModel
import SystemPackage

/// An entry of `fetch` as it is written.
private struct FetchKeys: Sendable {
    var url = ""
    var digest: Digest?
    var target: FilePath = ""

    static let table = DocumentTable<FetchKeys>(
        "a download",
        [
            DocumentKey("url", .webAddress, required: true, "Where it is.") { $0.url = $1 },
            DocumentKey("sha256", .sha256, "Its SHA-256. Without this key the one in the lock file counts.") {
                $0.digest = $1
            },
            DocumentKey(
                "to", .anyPath, required: true,
                "Where it goes: an absolute path in the container, where it is content, or one below `/build`."
            ) { $0.target = $1 },
        ])
}

extension DocumentValue where Value == [BuildFetch] {
    /// The key `fetch`.
    static func fetches(_ file: FilePath) -> Self {
        FetchKeys.table.elements(from: FetchKeys()) { (keys, node) throws(DocumentError) in
            BuildFetch(url: keys.url, digest: keys.digest, target: keys.target, place: SpecPlace(file, node.mark))
        }
    }
}

/// An entry of `copy` as it is written.
private struct CopyKeys: Sendable {
    var package: PackageRequest?
    var image: SourceReference?
    var source: FilePath = "/"
    var destination: FilePath = "/"

    static let table = DocumentTable<CopyKeys>(
        "a copy",
        [
            DocumentKey("package", .request, "A package, whose artefact is copied from.") { $0.package = $1 },
            DocumentKey("image", .image, "A container image instead.") { $0.image = $1 },
            DocumentKey("source", .containerPath, required: true, "The file or folder there.") { $0.source = $1 },
            DocumentKey("destination", .containerPath, required: true, "Where it goes in the container.") {
                $0.destination = $1
            },
        ])

    func origin(at mark: DocumentMark) throws(DocumentError) -> BuildCopy.Origin {
        switch (package, image) {
        case (let package?, nil): return .package(package)
        case (nil, let image?): return .image(image)
        case (nil, nil), (.some, .some): throw DocumentError(at: mark, "a copy needs either 'package' or 'image'")
        }
    }
}

extension DocumentValue where Value == [BuildCopy] {
    /// The key `copy`.
    static func copies(_ file: FilePath) -> Self {
        CopyKeys.table.elements(from: CopyKeys()) { (keys, node) throws(DocumentError) in
            BuildCopy(
                Located(try keys.origin(at: node.mark), at: SpecPlace(file, node.mark)), source: keys.source,
                destination: keys.destination)
        }
    }
}

/// An entry of `secrets` as it is written.
private struct SecretKeys: Sendable {
    var name = ""
    var file: FilePath?
    var variable: String?

    static let table = DocumentTable<SecretKeys>(
        "a secret",
        [
            DocumentKey("name", .word, required: true, "Its name below `/run/secrets`.") { $0.name = $1 },
            DocumentKey("file", .anyPath, "The file that holds it; a relative path is below the layer's folder.") {
                $0.file = $1
            },
            DocumentKey("environment", .variable, "The variable of boatyard's environment that holds it, instead.") {
                $0.variable = $1
            },
        ])

    func origin(at mark: DocumentMark) throws(DocumentError) -> BuildSecret.Origin {
        switch (file, variable) {
        case (let file?, nil): return .file(file)
        case (nil, let variable?): return .variable(variable)
        case (nil, nil), (.some, .some): throw DocumentError(at: mark, "a secret needs either 'file' or 'environment'")
        }
    }
}

extension DocumentValue where Value == [BuildSecret] {
    /// The key `secrets`.
    static func secrets(_ file: FilePath) -> Self {
        SecretKeys.table.elements(from: SecretKeys()) { (keys, node) throws(DocumentError) in
            BuildSecret(keys.name, try keys.origin(at: node.mark), place: SpecPlace(file, node.mark))
        }
    }
}
