import ImageModel
import ImagePlanning
import LinuxSystem
import Squashfs
import SystemPackage

/// Reads the loaders that an image brings for UEFI out of its root filesystem.
enum ImageLoaders {
    /// Far more than such a program has.
    static let limit = 8 << 20
    /// Where they lie in a root filesystem, without leading slash.
    private static let folder = "usr/lib/lifeboot/grub/"

    /// The pair that a distribution has had signed, if the image has one.
    ///
    /// - Parameter configuration: what the pair's GRUB is to read where it looks for its configuration.
    /// - Throws: when the root cannot be read, or the programs do not fit each other.
    static func pair(of image: DiskImageSource, configuration: [UInt8]) throws -> UEFILoaders? {
        let files = try files(in: image.path.appending(ImageFile.root.rawValue))
        return try UEFILoaders(configuration: configuration) { files[$0] }
    }

    /// The programs of a pair that are there, by their names.
    private static func files(in root: FilePath) throws -> [String: [UInt8]] {
        let names = LoaderNames.all.flatMap { [$0.shim, $0.grub, $0.manager] }
        var reader = try SquashfsReader(path: root)
        var files: [String: [UInt8]] = [:]
        while let entry = try reader.next() {
            let path = String(decoding: entry.path, as: UTF8.self)
            guard path.hasPrefix(folder), case let name = String(path.dropFirst(folder.count)), names.contains(name)
            else {
                continue
            }
            guard case .file(let size) = entry.kind, size <= limit else {
                throw DiskError.image(root, "/\(path) is no file of a loader's size")
            }
            files[name] = try reader.content(size)
        }
        return files
    }
}

extension SquashfsReader {
    /// The whole content of the file that the reader is at.
    ///
    /// - Parameter size: its size in bytes.
    mutating func content(_ size: Int) throws(SquashfsError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: size)
        var bytes: [UInt8] = []
        while bytes.count < size, case let count = try read(into: &buffer), count > 0 {
            bytes += buffer.prefix(count)
        }
        return bytes
    }
}
