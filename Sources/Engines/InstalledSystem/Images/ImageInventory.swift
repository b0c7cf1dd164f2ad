package import DiskContract
package import ImageFolders
import ImageModel
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
        in root: FilePath, _ store: Store, keys: [FilePath] = MachinePaths.keyDirectories,
        local: LocalImagePolicy = .ofThisSystem()
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
