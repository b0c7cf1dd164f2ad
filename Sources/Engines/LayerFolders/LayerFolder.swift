import DocumentTree
import Faults
import LinuxSystem
package import PackageSpecs
package import SystemPackage
import YAMLDocuments

/// The folder of a layer, and the files in it that say what the layer is.
package struct LayerFolder: Sendable {
    /// Bytes of all files of packages that are read.
    static let sizeLimit = 64 << 20

    /// Where it is.
    package let path: FilePath

    /// Names a folder; nothing is read yet.
    package init(_ path: FilePath) { self.path = path }

    /// The names of the flavours: of the files `values/NAME.yaml`, sorted.
    ///
    /// - Throws: `SpecError` when the folder cannot be read.
    package func flavours() throws(SpecError) -> [String] {
        let folder = path.appending(FlavourFile.folder)
        do throws(SystemError) {
            return try Folders.names(of: folder).compactMap { name in
                guard let file = FilePath.Component(name), file.extension == "yaml" else { return nil }
                return file.stem
            }
        } catch { throw SpecError(reading: folder, error) }
    }

    /// The lock of the layer; nil when it has none.
    ///
    /// - Throws: `SpecError` when it cannot be read.
    package func lock() throws(SpecError) -> LockFile? {
        let file = FilePath(root: nil, [LockFile.fileName])
        guard let bytes = try bytes(of: file, in: try handle(), limit: YAMLDocument.sizeLimit) else { return nil }
        return try LockFile(try Self.document(bytes, file), file: file)
    }

    /// Writes the lock: after a cut there is the old one or the new one, whole.
    ///
    /// - Throws: `SpecError` when it cannot be written.
    package func write(_ lock: LockFile) throws(SpecError) {
        let file = path.appending(LockFile.fileName)
        do throws(SystemError) { try AtomicFile.write(lock.serialized(), to: file) } catch {
            throw SpecError(.file, "writing", file.string, because: error, remedy: "")
        }
    }

    /// Holds the folder open: no name of a file leads out of it.
    func handle() throws(SpecError) -> DirectoryHandle {
        do throws(SystemError) { return try DirectoryHandle(root: path) } catch {
            throw SpecError(
                .file, "opening the layer", path.string, because: error, remedy: "Name the folder of a layer.")
        }
    }

    /// The bytes of a file; nil when there is none of the name.
    func bytes(
        of file: FilePath, in folder: borrowing DirectoryHandle, limit: Int = PackageFile.sizeLimit
    ) throws(SpecError) -> [UInt8]? {
        do throws(SystemError) { return try folder.read(file, limit: limit) } catch {
            throw SpecError(reading: file, error)
        }
    }

    static func document(_ bytes: [UInt8], _ file: FilePath) throws(SpecError) -> DocumentNode? {
        do throws(DocumentError) { return try YAMLDocument.parse(bytes) } catch { throw SpecError(file, error) }
    }
}
