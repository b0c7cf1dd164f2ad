import BootModel
package import GrubEnvironment
package import ImageModel
import LinuxSystem
package import SystemPackage

/// Lists the images on a partition.
package enum ImageInventory {
    /// An image directory and what was found in it.
    package struct Entry: Sendable {
        /// The image.
        package var id: ImageID
        /// Its manifest; nil when it cannot be trusted or read.
        package var manifest: Manifest?
        /// Why there is no manifest, or which file is missing; nil when all is there.
        package var problem: String?
    }

    /// Lists the image directories below `images/` of a mounted partition, by id; other names are passed over.
    ///
    /// - Throws: `SystemError` when the partition cannot be read.
    package static func entries(
        in store: FilePath, keys: [FilePath], local: LocalImagePolicy = .ofThisSystem()
    ) throws -> [Entry] {
        let images = store.appending("images")
        return try Folders.names(of: images).compactMap { ImageID($0) }.map { id in
            entry(id, in: images.appending(id.description), keys, local)
        }
    }

    /// The images whose manifests can be trusted and whose files are all there.
    package static func whole(
        in store: FilePath, place: FoundImage.Place, keys: [FilePath], local: LocalImagePolicy = .ofThisSystem()
    ) throws -> [FoundImage] {
        try entries(in: store, keys: keys, local: local).compactMap { entry -> FoundImage? in
            guard entry.problem == nil, let manifest = entry.manifest else { return nil }
            return FoundImage(
                id: entry.id, place: place, sequence: manifest.sequence, createdAt: manifest.createdAt.seconds)
        }
    }

    private static func entry(
        _ id: ImageID, in directory: FilePath, _ keys: [FilePath], _ local: LocalImagePolicy
    ) -> Entry {
        do {
            let manifest = try ImageVerification.manifest(
                in: directory, expected: id, policy: .enforce, keys: keys, local: local)
            let names = Set(try Folders.names(of: directory))
            let isSigned = names.contains(ImageFile.localSignature)
            let missing = ImageFile.bootable.filter { !names.contains($0.rawValue) && !($0 == .signature && isSigned) }
                .map(\.rawValue)
            let problem = missing.isEmpty ? nil : "\(missing.joined(separator: ", ")) missing"
            return Entry(id: id, manifest: manifest, problem: problem)
        } catch {
            return Entry(id: id, manifest: nil, problem: "\(error)")
        }
    }
}

extension ImageFile {
    /// The files without which GRUB or the initramfs cannot boot an image.
    package static let bootable: [ImageFile] = [.root, .kernel, .initrd, .manifest, .signature]
}
