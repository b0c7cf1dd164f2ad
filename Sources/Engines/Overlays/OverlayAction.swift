package import JSONText
package import OverlayPlanning
import Plans
package import SystemPackage

/// The files beside an image by which dm-verity checks it.
package struct VerityFiles: Equatable, Sendable {
    /// The hash tree.
    package var tree: FilePath
    /// The root hash, in hexadecimal digits.
    package var rootHash: FilePath
    /// Whether an image key must have signed the root hash.
    package var mustBeSigned: Bool
}

/// What one step does to have overlays stacked.
///
/// Every case is carried out by one method of `LiveOverlayEffects`.
package enum OverlayAction: PlannedAction {
    /// Mounts the tmpfs that holds places and what is unpacked.
    case makeStore(FilePath, size: String)
    /// Shows a folder at a place.
    case showFolder(FilePath, at: FilePath)
    /// Mounts an image at a place, read-only, by one of these filesystems.
    case mountImage(FilePath, filesystems: [String], verity: VerityFiles?, at: FilePath)
    /// Unpacks an archive into a place; when it must be signed, what was checked is what is unpacked.
    case unpack(FilePath, mustBeSigned: Bool, into: FilePath)
    /// Gives up a place that nothing is stacked of.
    case close(FilePath)
    /// Copies one hierarchy of some places into another, each over the one before.
    case merge([FilePath], OverlayHierarchy, into: FilePath)
    /// Makes the store read-only.
    case protectStore(FilePath)
    /// Stacks places, from the bottom up, over a hierarchy of a root.
    case stack(OverlayHierarchy, [FilePath], root: FilePath)
}

/// What steps with overlays give to later ones.
package enum OverlayProduct: StepProduct {
    /// The tmpfs is mounted.
    case store
    /// An overlay, or several, can be seen at a place.
    case layer(FilePath)

    /// What it is.
    package var words: String {
        switch self {
        case .store: "the store of overlays"
        case .layer(let place): "the layer at \(place)"
        }
    }
}

extension OverlayAction {
    /// What later steps can count on.
    package var gives: [OverlayProduct] {
        switch self {
        case .makeStore: [.store]
        case .showFolder(_, let place), .mountImage(_, _, _, let place), .unpack(_, _, let place),
            .merge(_, _, let place):
            [.layer(place)]
        case .close, .protectStore, .stack: []
        }
    }

    /// What earlier steps must have given.
    package var needs: [OverlayProduct] {
        switch self {
        case .makeStore: []
        case .showFolder, .mountImage, .unpack, .protectStore: [.store]
        case .close(let place): [.layer(place)]
        case .merge(let places, _, _), .stack(_, let places, _): places.map { .layer($0) }
        }
    }

    /// The stable name.
    package var name: String {
        switch self {
        case .makeStore: "make-overlay-store"
        case .showFolder: "show-folder"
        case .mountImage: "mount-image"
        case .unpack: "unpack-archive"
        case .close: "close-overlay"
        case .merge: "merge-overlays"
        case .protectStore: "protect-overlay-store"
        case .stack: "stack-overlays"
        }
    }

    /// What it is done to.
    package var subject: String {
        switch self {
        case .makeStore(let path, let size): "\(path) size=\(size)"
        case .showFolder(let path, let place), .unpack(let path, _, let place): "\(path) on \(place)"
        case .mountImage(let path, let filesystems, let verity, let place):
            "\(path) on \(place) as \(filesystems.joined(separator: " or "))\(verity == nil ? "" : " with dm-verity")"
        case .close(let path), .protectStore(let path): path.string
        case .merge(let places, let hierarchy, let target):
            "\(hierarchy.rawValue) of \(places.count) overlays into \(target)"
        case .stack(let hierarchy, let places, let root):
            "\(places.count) layer\(places.count == 1 ? "" : "s") on \(root.appending(hierarchy.components))"
        }
    }

    /// What it is for.
    package var explanation: String {
        switch self {
        case .makeStore: "Overlays are seen at places with short names, and archives are unpacked into memory."
        case .showFolder: "The folder is an overlay as it is, and is not written to."
        case .mountImage: "The image is an overlay, read-only, by a loop device."
        case .unpack: "The archive becomes a folder in memory, with owners, modes and attributes."
        case .close: "Nothing is stacked of it, so that it only takes memory and a device."
        case .merge: "The kernel takes no more layers, so that some become one."
        case .protectStore: "Nothing may change below an overlay that is mounted."
        case .stack: "The overlays' files are seen over the image's."
        }
    }

    /// Everything that it holds.
    package var json: JSONValue {
        func list(_ paths: [FilePath]) -> JSONValue { .array(paths.map { .string($0.string) }) }
        return switch self {
        case .makeStore(let path, let size): ["path": .string(path.string), "size": .string(size)]
        case .showFolder(let path, let place): ["path": .string(path.string), "place": .string(place.string)]
        case .mountImage(let path, let filesystems, let verity, let place):
            [
                "path": .string(path.string), "filesystems": .array(filesystems.map { .string($0) }),
                "verity": verity.map { .string($0.tree.string) } ?? .null, "place": .string(place.string),
            ]
        case .unpack(let path, let mustBeSigned, let place):
            ["path": .string(path.string), "mustBeSigned": .bool(mustBeSigned), "place": .string(place.string)]
        case .close(let place), .protectStore(let place): ["place": .string(place.string)]
        case .merge(let places, let hierarchy, let target):
            ["places": list(places), "hierarchy": .string(hierarchy.rawValue), "target": .string(target.string)]
        case .stack(let hierarchy, let places, let root):
            ["hierarchy": .string(hierarchy.rawValue), "places": list(places), "root": .string(root.string)]
        }
    }
}

extension OverlayHierarchy {
    /// Its path without the root.
    var components: FilePath.ComponentView { FilePath(rawValue).components }
}
