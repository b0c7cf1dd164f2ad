import DocumentTree
import JSONText
import PackageModel
import RegistryModel
import SystemPackage

/// What stands in `base` before it is known what it says together.
private struct DerivativeBaseKeys: Sendable {
    var image: Located<SourceReference>?
    var layer: Located<String>?
    var version: VersionRange?

    static func table(_ file: FilePath) -> DocumentTable<DerivativeBaseKeys> {
        DocumentTable(
            "base",
            [
                DocumentKey(
                    "image", .located(.image, in: file),
                    "A container image. Its digest is in the lock file, so that a tag that moves changes nothing."
                ) { $0.image = $1 },
                DocumentKey(
                    "layer", .located(.word, in: file),
                    """
                    The name of a layer in `layers` of `boatyard.yaml`, instead of `image`: its newest image is taken, by \
                    the twin that was published with it.
                    """
                ) { $0.layer = $1 },
                DocumentKey(
                    "version", .versions, "The versions of this layer's image that count. Without this key any does."
                ) { $0.version = $1 },
            ])
    }

    func base(at mark: DocumentMark) throws(DocumentError) -> DerivativeBase {
        switch (image, layer) {
        case (let image?, nil):
            guard version == nil else {
                throw DocumentError(at: mark, "'version' needs 'layer'; an image has its version in the reference")
            }
            return .image(image)
        case (nil, let layer?): return .layer(Located(BaseLayer(layer.value, version ?? .any), at: layer.place))
        case (nil, nil): throw DocumentError(at: mark, "base needs image or layer")
        case (_?, _?): throw DocumentError(at: mark, "base is an image or a layer, not both")
        }
    }
}

extension DocumentValue where Value == DerivativeBase {
    /// The key `base`.
    static func derivativeBase(_ file: FilePath) -> Self {
        let table = DerivativeBaseKeys.table(file)
        return Self(.table(table.entries)) { (node, _) throws(DocumentError) in
            var keys = DerivativeBaseKeys()
            try table.read(node, into: &keys)
            return try keys.base(at: node.mark)
        }
    }
}

extension DocumentValue where Value == VersionRange {
    /// Conditions on a version.
    static var versions: Self {
        Self(.text("versions such as `>= 1.2, < 2`")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            do throws(PackageTextError) { return try VersionRange(parsing: text) } catch {
                throw DocumentError(at: node.mark, SpecTextError(error).description)
            }
        }
    }
}
