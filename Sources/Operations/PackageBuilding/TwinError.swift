import BuildPlanning
package import Faults
import ImageModel
import PackageModel
import PackageRepositories
import PackageSpecs

/// Says why the image of a layer below cannot be the base of this layer's.
package typealias TwinError = Fault<TwinFault>

/// Names why the image of a layer below cannot be a base.
package enum TwinFault: FaultKind {
    /// There is none in the versions that count.
    case absent
    /// A registry would have to be asked, and nobody may be.
    case offline
    /// Nobody has signed what names image and twin.
    case unsigned
    /// Nobody who is trusted has signed it.
    case untrusted
    /// It has no twin, or none for this architecture.
    case twinless
    /// Its tag says another version than the image.
    case misnamed

    /// The reason for programs.
    package var refusal: RefusalKind? {
        switch self {
        case .absent: .notFound
        case .unsigned: .unsigned
        case .untrusted: .untrusted
        case .misnamed: .mismatch
        case .offline, .twinless: nil
        }
    }
}

extension TwinError {
    private static let operation = "looking for the base"

    static func offline(_ wish: BaseLayer, _ place: RepositoryPlace) -> TwinError {
        TwinError(
            .offline, operation, "\(wish)", cause: "\(place) is in a registry, and --offline asks nobody",
            remedy: "Run 'boatyard lock' once without --offline.")
    }

    static func absent(_ wish: BaseLayer, _ place: RepositoryPlace, _ published: PublishedVersions) -> TwinError {
        let versions = published.all.prefix(20).map { "\($0.version)" }.joined(separator: ", ")
        let more = published.all.count > 20 ? " and \(published.all.count - 20) older ones" : ""
        return TwinError(
            .absent, operation, "\(wish)",
            cause: published.all.isEmpty
                ? "\(place) has no tag that is a version" : "\(place) has no such version; there is \(versions)\(more)",
            remedy: published.all.isEmpty
                ? "Publish the layer's image there with 'boatyard image publish DIR \(place):VERSION --with-container LAYOUT --key KEY', or correct 'images' in \(LayerFile.fileName)."
                : "Ask for one of them in 'base' of \(DerivativeSpec.fileName), or publish another.")
    }

    static func gone(_ choice: PublishedVersions.Published, _ place: RepositoryPlace) -> TwinError {
        TwinError(
            .absent, operation, "\(place):\(choice.tag)", cause: "the tag is listed and names nothing any more",
            remedy: "Try again.")
    }

    static func unsigned(
        _ choice: PublishedVersions.Published, _ place: RepositoryPlace, _ digest: Digest
    ) -> TwinError {
        TwinError(
            .unsigned, operation, "\(place):\(choice.tag)",
            cause:
                "\(digest.registryText), which names the image and its twin, has no signature; that of the image alone does not cover the twin",
            remedy: "Let its publisher run 'boatyard sign \(place):\(choice.tag) --key KEY'.")
    }

    static func untrusted(
        _ choice: PublishedVersions.Published, _ place: RepositoryPlace, _ cause: String
    ) -> TwinError {
        TwinError(
            .untrusted, operation, "\(place):\(choice.tag)", cause: cause,
            remedy: "Name the public key of who publishes it as 'key' of the layer in \(LayerFile.fileName).")
    }

    static func single(_ choice: PublishedVersions.Published, _ place: RepositoryPlace) -> TwinError {
        TwinError(
            .twinless, operation, "\(place):\(choice.tag)",
            cause: "it is not an image with a container twin beside it",
            remedy:
                "Publish it with 'boatyard image publish DIR \(place):\(choice.tag) --with-container LAYOUT --key KEY'; a container image alone is named with 'base: {image: …}'."
        )
    }

    static func unbuilt(_ missing: LockDifference, _ package: PackageMetadata) -> TwinError {
        let place = missing.place.map { "\($0) builds on it" } ?? "something is built on it"
        return TwinError(
            .absent, "choosing packages that fit the base", missing.name,
            cause: "\(place), the base has \(package.version), and no layer below has published that version",
            remedy:
                "Take the newest packages of the layer with 'boatyard lock --update LAYER', have its publisher publish this version, or take another base."
        )
    }

    static func foreign(
        _ choice: PublishedVersions.Published, _ place: RepositoryPlace, _ architecture: String
    ) -> TwinError {
        TwinError(
            .twinless, operation, "\(place):\(choice.tag)", cause: "it has no twin for \(architecture)",
            remedy: "Publish one for \(architecture) with it, or ask for another version.")
    }

    static func misnamed(
        _ choice: PublishedVersions.Published, _ place: RepositoryPlace, _ version: String
    ) -> TwinError {
        TwinError(
            .misnamed, operation, "\(place):\(choice.tag)",
            cause: "the image there says that its version is \(version)",
            remedy: "Publish each image under its version as tag, or leave this version out of 'base'.")
    }
}
