import BootExecution
import BootModel
import Cryptography
import GrubEnvironment
import ImageModel
import LinuxSystem
import SystemPackage

/// Images on the state and recovery partitions.
extension LiveMachine {
    func images(on place: FoundImage.Place) throws -> [StoredImage] {
        try mounted(place) { store in
            try ImageInventory.entries(in: store, keys: MachinePaths.keyDirectories).map { entry in
                try Self.stored(entry, place, in: Self.directory(entry.id, store))
            }
        }
    }

    func bootFilesProblem(of image: ImageID, on place: FoundImage.Place) throws -> String? {
        try mounted(place) { store in
            let directory = Self.directory(image, store)
            let manifest = try Self.manifest(image, directory)
            return try Self.mismatch(of: .kernel, manifest.kernel, directory)
                ?? Self.mismatch(of: .initrd, manifest.initrd, directory)
        }
    }

    func rootFileProblem(of image: ImageID, on place: FoundImage.Place) throws -> String? {
        try mounted(place) { store in
            let directory = Self.directory(image, store)
            let root = try Self.manifest(image, directory).root
            return try Self.mismatch(of: .root, Manifest.File(size: root.size, sha256: root.sha256), directory)
        }
    }

    private static func directory(_ image: ImageID, _ store: FilePath) -> FilePath {
        store.appending(MachinePaths.images.components).appending(image.description)
    }

    /// The manifest without regard to its signature: only to compare sizes and digests, never to boot.
    private static func manifest(_ image: ImageID, _ directory: FilePath) throws -> Manifest {
        try ImageVerification.manifest(in: directory, expected: image, policy: .off)
    }

    private static func stored(
        _ entry: ImageInventory.Entry, _ place: FoundImage.Place, in directory: FilePath
    ) throws -> StoredImage {
        let manifest = entry.manifest ?? (try? Self.manifest(entry.id, directory))
        var image = StoredImage(
            id: entry.id, place: place, title: manifest.map { "\($0.name) \($0.version)" },
            sequence: manifest?.sequence ?? 0, createdAt: manifest?.createdAt.seconds ?? 0)
        image.bootFaults = try [
            sizeFault(of: .kernel, manifest?.kernel.size, directory),
            sizeFault(of: .initrd, manifest?.initrd.size, directory),
        ].compactMap(\.self)
        image.otherFaults = try [sizeFault(of: .root, manifest?.root.size, directory)].compactMap(\.self)
        if image.faults.isEmpty, let problem = entry.problem { image.otherFaults.append(problem) }
        return image
    }

    private static func sizeFault(
        of file: ImageFile, _ expected: Int?, _ directory: FilePath
    ) throws -> String? {
        guard let status = try FileStatus.of(directory.appending(file.rawValue)) else {
            return "\(file.rawValue) is missing"
        }
        if status.size == 0 { return "\(file.rawValue) is empty" }
        guard let expected, status.size != Int64(expected) else { return nil }
        return "\(file.rawValue) has \(status.size) bytes instead of \(expected)"
    }

    private static func mismatch(
        of file: ImageFile, _ expected: Manifest.File, _ directory: FilePath
    ) throws -> String? {
        let handle = try OwnedDescriptor(opening: directory.appending(file.rawValue))
        let (digest, size) = try SHA256Hasher.digest(reading: handle.descriptor)
        if size == expected.size, digest == expected.sha256 { return nil }
        return "\(file.rawValue) does not match its digest in the manifest"
    }
}
