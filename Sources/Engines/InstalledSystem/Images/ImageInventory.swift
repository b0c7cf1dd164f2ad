package import DiskContract
package import GrubEnvironment
package import ImageFolders
package import ImageModel
import LinuxSystem
package import SystemPackage

/// Lists the images on a store.
package enum ImageInventory {
    /// Lists the folders of images of a mounted store, by id; folders in the making are passed over.
    ///
    /// Names and sizes are looked at, and who signed; no large file is read.
    ///
    /// - Throws: `SystemError` when the store cannot be read.
    package static func images(
        in root: FilePath, _ store: Store, keys: [FilePath] = SystemSeal().keyDirectories,
        local: LocalImagePolicy
    ) throws -> [StoredImage] {
        let folder = root.appending(DiskFiles.images.components)
        return try Folders.names(of: folder).compactMap { ImageID($0) }.map { id in
            try image(id, in: folder.appending(id.description), store, keys, local)
        }
    }

    private static func image(
        _ id: ImageID, in folder: FilePath, _ store: Store, _ keys: [FilePath], _ local: LocalImagePolicy
    ) throws -> StoredImage {
        var image = StoredImage(id: id, store: store)
        var doubt: String?
        do {
            image.manifest = try ImageVerification.manifest(in: folder, expected: id, keys: keys, local: local)
            image.isTrusted = true
        } catch {
            // For names and sizes only, never to boot.
            image.manifest = (try? ImageFolder(folder, expected: id))?.manifest
            doubt = "\(error)"
        }
        for file in ImageFile.booted {
            guard let fault = try ImageFault.find(in: folder, file, image.manifest?.file(file), .size) else { continue }
            if file == .root {
                image.otherFaults.append("\(fault)")
            } else {
                image.bootFaults.append("\(fault)")
            }
        }
        // What is wrong with the files says more than that nobody vouches for them.
        if image.faults.isEmpty, let doubt { image.otherFaults.append(doubt) }
        return image
    }
}

/// An image's folder as it is found on a store: a fact, no handle.
package struct StoredImage: Equatable, Sendable {
    /// The image, by the name of its folder.
    package var id: ImageID
    /// The store.
    package var store: Store
    /// Its manifest; nil when it cannot be read or is another image's.
    package var manifest: Manifest?
    /// Whether a key that counts here signed the manifest; else it is good for names and sizes only.
    package var isTrusted = false
    /// What is wrong with the files that GRUB loads, one line each; GRUB passes over an image that has any.
    package var bootFaults: [String] = []
    /// What is wrong besides: the manifest, its signature, the root file.
    package var otherFaults: [String] = []

    /// Describes a folder that nothing is known of yet.
    package init(id: ImageID, store: Store) {
        self.id = id
        self.store = store
    }

    /// Name and version, such as `debian 12.5`; nil when the manifest cannot be read.
    package var title: String? { manifest.map { "\($0.name) \($0.version)" } }
    /// Everything wrong, one line each.
    package var faults: [String] { bootFaults + otherFaults }
    /// Whether it can be trusted and nothing is known to be wrong.
    package var isWhole: Bool { isTrusted && faults.isEmpty }

    /// The image as the rebuilding of a boot environment takes it.
    package var found: FoundImage {
        FoundImage(
            id: id, place: store, sequence: manifest?.sequence ?? 0, createdAt: manifest?.createdAt.seconds ?? 0)
    }
}
