package import ImageModel
package import PackageModel

/// What the image of a layer lies on, as it was: which image, and the packages in it.
package struct LockedBase: Equatable, Sendable {
    /// The image's reference, or where the layer below has its images, as files have it.
    package var reference: String
    /// The name of the layer below; nil for any other image.
    package var layer: String?
    /// The version of that layer's image; nil for any other image.
    package var version: PackageVersion?
    /// The digest of the document that was taken: of the signed index that names the twin, for a layer.
    package var manifest: Digest
    /// The packages that it says it has, with what matters to others: name, version, `provides` and `conflicts`.
    package var packages: [PackageMetadata] = []

    /// Describes a base; its packages can be set afterwards.
    package init(_ reference: String, layer: String? = nil, version: PackageVersion? = nil, manifest: Digest) {
        self.reference = reference
        self.layer = layer
        self.version = version
        self.manifest = manifest
    }
}

extension LockFile {
    /// What the base that the layer's files ask for has; nothing where the lock has another one, or none.
    package func basePackages(of specs: LayerSpecs) -> [PackageMetadata] {
        baseDifferences(specs).isEmpty ? base?.packages ?? [] : []
    }

    /// Whether the base in the lock is the one that the files ask for.
    ///
    /// An image needs no entry: its digest is among the images, and without an entry it has no packages of boatyard's.
    package func baseDifferences(_ specs: LayerSpecs) -> [LockDifference] {
        switch specs.derivative?.base {
        case nil:
            return base.map { [LockDifference(kind: .unused, subject: .base, name: $0.reference, place: nil)] } ?? []
        case .image(let image):
            let name = "\(image.value)"
            guard let base else { return [] }
            let isSame = base.reference == name && base.manifest == image.value.digest ?? images[name]
            guard !isSame || base.layer != nil else { return [] }
            return [
                LockDifference(kind: .other(base.reference), subject: .base, name: name, place: image.place)
            ]
        case .layer(let wish):
            let difference = LockDifference(
                kind: .missing, subject: .base, name: "\(wish.value)", place: wish.place)
            guard let base, base.layer == wish.value.name, let version = base.version,
                base.reference == specs.lowerBase.map({ "\($0.images.reference)" })
            else { return [difference] }
            if wish.value.versions.contains(version) { return [] }
            var other = difference
            other.kind = .other("version \(version)")
            return [other]
        }
    }
}
