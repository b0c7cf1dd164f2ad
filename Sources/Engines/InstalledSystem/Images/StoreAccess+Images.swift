package import DiskContract
import ImageFolders
package import ImageModel

extension StoreAccess where Self: ~Copyable {
    /// Lists the images on a store.
    package func images(on store: Store) throws -> [StoredImage] {
        try read(store) { try ImageInventory.images(in: $0, store) }
    }

    /// Compares some files of an image with their digests.
    package func fault(of files: [ImageFile], in image: ImageID, on store: Store) throws -> String? {
        try read(store) { root in
            let folder = try ImageFolder(ImageStore(root).directory(image), expected: image)
            for file in files {
                if let fault = try folder.fault(of: file, .digest) { return "\(fault)" }
            }
            return nil
        }
    }

    /// Lists the whole images of both stores for a rebuilding of the boot environment.
    ///
    /// - Returns: the images, and which store could not be read: its images cannot be booted either.
    package func wholeImages() -> (images: [StoredImage], problems: [String]) {
        var problems: [String] = []
        let images = Store.allCases.flatMap { store -> [StoredImage] in
            do { return try self.images(on: store).filter(\.isWhole) } catch {
                problems.append("the \(store) partition could not be read: \(error)")
                return []
            }
        }
        return (images, problems)
    }
}
