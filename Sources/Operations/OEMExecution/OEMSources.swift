import DiskContract
import DocumentTree
import ImageFolders
import ImageModel
import InstalledSystem
import LinuxSystem
package import OEMModel
package import OEMPlanning
package import SystemPackage
import YAMLDocuments

/// Finds and reads the files of configuration.
package enum OEMSources {
    /// The folders in the order in which they count, as the running system has them.
    package static let folders: [(source: OEMSource, path: FilePath)] = [
        (.image, MachinePaths.imageConfiguration), (.oem, MachinePaths.oem),
        (.persistent, MachinePaths.persistentConfiguration), (.instance, MachinePaths.instanceData),
    ]

    /// Reads all files of the folders below a root.
    ///
    /// What cannot be read becomes a file that is refused, so that nobody waits for its effect without a word.
    ///
    /// In a sealed system the image's files count, and others only with a signature of an image key beside them.
    ///
    /// - Parameter setup: what the kernel's command line names, before what data sources gave.
    package static func documents(in root: FilePath, setup: SetupFiles = SetupFiles()) -> [OEMDocument] {
        let seal = SystemSeal(root: root)
        let given = setup.files(in: root).map { (OEMSource.commandLine, $0) }
        let found = folders.map { ($0.source, StageFiles.below($0.path, in: root)) }
        let early = found.filter { $0.0 != .instance }.flatMap { source, files in files.map { (source, $0) } }
        let known = Set(early.map(\.1))
        let late = found.filter { $0.0 == .instance }.flatMap { source, files in files.map { (source, $0) } }
        return (early + given.filter { !known.contains($0.1) } + late).map { source, path in
            OEMDocument(path: path, source: source, file: read(path, root, source == .image ? nil : seal))
        }
    }

    /// Reads a file, or all files below a folder, that somebody has named.
    package static func given(_ path: FilePath) -> [OEMDocument] {
        let isFolder = (try? FileStatus.of(path)).flatMap { $0?.kind } == .directory
        // The folder is the root of the search, so that a path need not begin with a slash.
        let paths = isFolder ? StageFiles.below("/", in: path).map { path.appending($0.components) } : [path]
        return paths.map { OEMDocument(path: $0, source: .given, file: readGiven($0)) }
    }

    private static func readGiven(_ path: FilePath) -> OEMFile {
        do { return parse(try FileBytes.readGiven(path, limit: YAMLDocument.sizeLimit)) } catch {
            return OEMFile(refused: DocumentError(at: DocumentMark(line: 1, column: 1), "\(error)"))
        }
    }

    /// Reads one file below a root; a seal asks for its signature.
    private static func read(_ path: FilePath, _ root: FilePath, _ seal: SystemSeal?) -> OEMFile {
        let start = DocumentMark(line: 1, column: 1)
        do {
            let handle = try DirectoryHandle(root: root)
            guard let bytes = try handle.read(path, limit: YAMLDocument.sizeLimit) else {
                return OEMFile(refused: DocumentError(at: start, "it is not there any more"))
            }
            if let seal, seal.isSealed {
                let signature = try handle.read(SystemSeal.signature(of: path), limit: ImageFile.signature.sizeLimit)
                try seal.check(bytes, signature: signature, of: path)
            }
            return parse(bytes)
        } catch { return OEMFile(refused: DocumentError(at: start, "\(error)")) }
    }

    /// Reads the bytes of a file.
    package static func parse(_ bytes: [UInt8]) -> OEMFile {
        OEMFile(bytes) { (bytes) throws(DocumentError) in try YAMLDocument.parse(bytes, references: .expanded) }
    }
}
