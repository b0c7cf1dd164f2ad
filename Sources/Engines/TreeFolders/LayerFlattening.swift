// Some container engines copy a whole tree for each layer, and kernels mount so many and no more: what lies on each other
// becomes one layer.
import Archives
import Faults
package import ImageModel
import LinuxSystem
package import SystemPackage
import TreeModel

extension LayerWriter {
    /// Writes what the layers of a container image come to, lowest first, as one layer without whiteouts, not compressed, in
    /// the place of a file; in constant memory beside the names.
    ///
    /// The same layers give the same bytes. Times and owners are as they are in the layers.
    ///
    /// - Parameter contents: the digests of the layers before compression; another one is an error.
    /// - Throws: `ArchiveError` when they are damaged, do not fit each other, or cost more than any system does;
    ///   `TreeFoldersError` for content that is not what its digest says; `SystemError`. Nothing is left then.
    package static func flatten(_ layers: [FilePath], contents: [Digest], to path: FilePath) throws -> WrittenLayer {
        let digests = try LayerDigests { _ in }
        var source: LayeredSource
        do throws(ArchiveError) { source = try LayeredSource(layers: layers, observer: digests.take) } catch {
            throw digests.error ?? error
        }
        let found = try digests.finish(layers.count)
        for (index, layer) in layers.enumerated()
        where !contents.indices.contains(index) || found[index] != contents[index] {
            throw TreeFoldersError.damaged(layer, found[index])
        }
        let file = try PackedFile(path)
        do {
            let installedSize = try pack(&source, into: file)
            let (digest, size) = try file.finish()
            return WrittenLayer(digest: digest, size: size, diffID: digest, installedSize: installedSize)
        } catch { throw file.failure ?? error }
    }

    /// Copies the entries of a merged tree.
    ///
    /// - Returns: the bytes of the contents of its files.
    private static func pack(_ source: inout LayeredSource, into file: PackedFile) throws -> Int64 {
        var writer = PaxWriter { (bytes) throws(ArchiveError) in
            guard file.take(bytes) else { throw .stopped }
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var installedSize: Int64 = 0
        while let entry = try source.next() {
            try check(entry.attributes, of: entry.path)
            try writer.begin(entry)
            installedSize += entry.contentSize
            while case let count = try source.read(into: &buffer), count > 0 {
                try writer.write(buffer.span.extracting(0..<count))
            }
        }
        try writer.finish()
        return installedSize
    }
}

extension LayerWriter {
    /// Refuses attributes whose names no record of an archive can hold: such a name ends at the first `=`.
    ///
    /// - Throws: `TreeFoldersError`.
    static func check(_ attributes: [FileAttribute], of path: EntryPath) throws(TreeFoldersError) {
        for attribute in attributes {
            guard let name = String(validating: attribute.name, as: UTF8.self), !name.utf8.contains(UInt8(ascii: "="))
            else {
                let name = String(decoding: attribute.name, as: UTF8.self)
                throw .entry(path, "the name of its attribute '\(name)' has =, or is not UTF-8")
            }
        }
    }
}

extension ArchiveError {
    /// Stands for what the file met, which is thrown in its place.
    fileprivate static var stopped: ArchiveError {
        ArchiveError(
            .file, "writing", "a layer", cause: "it cannot be written", remedy: "Check that there is room for it.")
    }
}

extension TreeFoldersError {
    fileprivate static func damaged(_ path: FilePath, _ found: Digest) -> TreeFoldersError {
        TreeFoldersError(
            .layer, "reading", "layer \(path)", cause: "its content has the digest \(found), and another is expected",
            remedy: "Run 'boatyard cache verify', which removes what is damaged, and build again.")
    }
}
