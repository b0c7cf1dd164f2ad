import ImageAssembly
import ImageModel
import ImagePlanning
import LinuxSystem
import Squashfs
import SystemPackage

/// Finds out which drivers an image has, from the files of its modules in root and initramfs.
enum ISODriverFacts {
    /// Far more than the list of a kernel with everything built in.
    private static let listLimit = 4 << 20

    /// What an image lacks for starting from a medium; what cannot be found out is said, and keeps nothing from being built.
    static func warnings(of image: DiskImageSource) -> [String] {
        let kernel = try? modules(inRoot: image.path.appending(ImageFile.root.rawValue))
        guard let kernel else { return MediaDrivers(kernel: nil, initramfs: nil).warnings }
        let loaded = initramfs(image.path.appending(ImageFile.initrd.rawValue), builtins: kernel.builtins)
        return MediaDrivers(kernel: kernel.files.union(kernel.builtins), initramfs: loaded).warnings
    }

    /// The modules in the folders of a root image, and those that are part of the kernel.
    private static func modules(inRoot path: FilePath) throws -> (files: Set<String>, builtins: Set<String>) {
        var reader = try SquashfsReader(path: path)
        var files: Set<String> = []
        var builtins: Set<String> = []
        while let entry = try reader.next() {
            guard case .file(let size) = entry.kind else { continue }
            let path = String(decoding: entry.path, as: UTF8.self)
            guard path.hasPrefix("usr/lib/modules/") || path.hasPrefix("lib/modules/") else { continue }
            if let name = InitrdContent.moduleName(path) { files.insert(name) }
            guard path.hasSuffix("/modules.builtin"), size <= listLimit else { continue }
            builtins.formUnion(try names(&reader, size))
        }
        // A root without a folder of modules says nothing of its kernel.
        guard !(files.isEmpty && builtins.isEmpty) else { throw Errno.noSuchFileOrDirectory }
        return (files, builtins)
    }

    private static func names(_ reader: inout SquashfsReader, _ size: Int) throws -> [String] {
        var buffer = [UInt8](repeating: 0, count: size)
        var text: [UInt8] = []
        while text.count < size, case let count = try reader.read(into: &buffer), count > 0 {
            text += buffer.prefix(count)
        }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap {
            InitrdContent.moduleName(String($0))
        }
    }

    private static func initramfs(_ path: FilePath, builtins: Set<String>) -> Set<String>? {
        guard case .read(let content)? = try? InitrdReader.read(path) else { return nil }
        return content.moduleNames.union(content.builtins ?? []).union(builtins)
    }
}
