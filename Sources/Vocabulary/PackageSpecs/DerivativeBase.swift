import DocumentTree
package import PackageModel
package import RegistryModel

/// What an image lies on.
package enum DerivativeBase: Equatable, Sendable {
    /// A container image, of a distribution or of another derivative.
    case image(Located<SourceReference>)
    /// The container twin that a layer below has published, in one of some versions.
    case layer(Located<BaseLayer>)
}

/// Asks for the image of a layer below.
package struct BaseLayer: Equatable, Sendable, CustomStringConvertible {
    /// The layer's name in `layers`.
    package var name: String
    /// The versions that count.
    package var versions: VersionRange

    /// Asks for an image.
    package init(_ name: String, _ versions: VersionRange = .any) {
        self.name = name
        self.versions = versions
    }

    /// The wish as messages name it: `foundation >= 1.2`.
    package var description: String { versions.conditions.isEmpty ? name : "\(name) \(versions)" }
}

extension LayerSpecs {
    /// The image of a layer below that this layer's own lies on, and where that layer publishes; nil for any other base.
    package var lowerBase: (wish: Located<BaseLayer>, images: LowerImages)? {
        guard case .layer(let wish)? = derivative?.base, let images = layer.images(of: wish.value.name) else {
            return nil
        }
        return (wish, images)
    }

    /// Refuses a base that `boatyard.yaml` does not know.
    func checkBase() throws(SpecError) {
        guard case .layer(let wish)? = derivative?.base, layer.images(of: wish.value.name) == nil else { return }
        let name = wish.value.name
        if layer.layers.contains(where: { $0.name == name }) {
            throw SpecError(
                wish.place,
                "\(LayerFile.fileName) does not say where the layer \(name) has its images; give it 'images: …'")
        }
        let known = layer.images.map(\.name)
        let near = known.nearest(to: name).map { "; did you mean \($0)?" } ?? ""
        throw SpecError(wish.place, "\(LayerFile.fileName) has no layer \(name.quoted) in 'layers'\(near)")
    }
}

extension LayerFile {
    fileprivate func images(of name: String) -> LowerImages? { images.first { $0.name == name } }
}
