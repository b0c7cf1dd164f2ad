import ImageModel
import ImagePlanning
import SystemPackage

/// Writes what a live system starts from into an archive that the kernel unpacks beside the initramfs.
struct MediumArchive {
    /// Below which folder of the initramfs it lies (`MachinePaths.carried`).
    private static let folder = "lifeboot"

    /// What it holds; paths begin with a slash.
    let entries: [MediaEntry]
    /// The time of every entry.
    let time: Int64

    /// The bytes of all files.
    var size: Int64 {
        entries.reduce(0) { sum, entry in
            if case .file(_, let size, _) = entry.kind { sum + size } else { sum }
        }
    }

    /// Writes the archive.
    ///
    /// What says how large the rest must be comes first: when memory ends while it is unpacked, the boot can say so.
    /// - Throws: `NetbootError` for a file that is too large; when something cannot be read or written.
    func write(to path: FilePath) throws {
        var output = try StagedOutput(path)
        var number: Int64 = 1
        for entry in try folders() + ordered {
            let head = try header(entry)
            try output.append(head.header(number: number))
            if case .file(let source, _, _) = entry.kind {
                try output.append(contentOf: FilePath(source))
                try output.append(CpioEntry.padding(after: head.size))
            }
            number += 1
        }
        try output.append(CpioEntry.trailer)
        _ = try output.finish()
    }

    /// The folders above what is given; the kernel makes none by itself.
    private func folders() throws -> [MediaEntry] {
        [MediaEntry("", .folder), MediaEntry("/images", .folder)]
    }

    /// Small files first, in the order of their paths, then the roots of images.
    private var ordered: [MediaEntry] {
        let isRoot = { (entry: MediaEntry) in entry.path.hasSuffix("/\(ImageFile.root.rawValue)") }
        let sorted = entries.sorted { $0.path < $1.path }
        return sorted.filter { !isRoot($0) } + sorted.filter(isRoot)
    }

    private func header(_ entry: MediaEntry) throws(NetbootError) -> CpioEntry {
        let path = Self.folder + entry.path
        guard case .file(_, let size, let permissions) = entry.kind else { return .folder(path, time: time) }
        guard size <= CpioEntry.maximumFileSize else { throw .size(entry.path, size) }
        return .file(path, size: size, permissions: permissions, time: time)
    }
}
