import Faults
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
        do {
            let kernel = try modules(inRoot: image.path.appending(ImageFile.root.rawValue))
            let loaded = initramfs(image.path.appending(ImageFile.initrd.rawValue), builtins: kernel.builtins)
            return MediaDrivers(kernel: .known(kernel.files.union(kernel.builtins)), initramfs: loaded).warnings
        } catch {
            return MediaDrivers(kernel: unknown(error), initramfs: .unknown("")).warnings
        }
    }

    private static func unknown(_ error: any Error) -> MediaDrivers.Modules {
        .unknown((error as? any OperatorFault)?.cause ?? "\(error)")
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
        guard !(files.isEmpty && builtins.isEmpty) else { throw ISOError.image(path, "it has no modules") }
        return (files, builtins)
    }

    private static func names(_ reader: inout SquashfsReader, _ size: Int) throws -> [String] {
        String(decoding: try reader.content(size), as: UTF8.self).split(separator: "\n").compactMap {
            InitrdContent.moduleName(String($0))
        }
    }

    private static func initramfs(_ path: FilePath, builtins: Set<String>) -> MediaDrivers.Modules {
        do {
            switch try InitrdReader.read(path) {
            case .read(let content):
                return .known(content.moduleNames.union(content.builtins ?? []).union(builtins))
            case .damaged(let cause), .unreadable(let cause): return .unknown(cause)
            case .notLooked: return .unknown("nobody looked")
            }
        } catch { return unknown(error) }
    }
}
