import DocumentTree
import LinuxSystem
package import OEMModel
package import OEMPlanning
package import SystemPackage
import YAMLDocuments

/// Finds and reads the files of configuration.
package enum OEMSources {
    /// The folders in the order in which they count, as the running system has them.
    package static let folders: [(source: OEMSource, path: FilePath)] = [
        (.image, "/system/oem"), (.oem, "/oem"), (.persistent, "/usr/local/cloud-config"),
        (.instance, "/run/lifeboot/datasource"),
    ]

    /// How many files are read, and how deep folders are looked into.
    static let limits = (files: 4_096, depth: 64)

    /// Reads all files of the folders below a root.
    ///
    /// What cannot be read becomes a file that is refused, so that nobody waits for its effect without a word.
    package static func documents(in root: FilePath) -> [OEMDocument] {
        folders.flatMap { folder in
            files(below: folder.path, in: root).map {
                OEMDocument(path: $0, source: folder.source, file: read($0, root))
            }
        }
    }

    /// Reads a file, or all files below a folder, that somebody has named.
    package static func given(_ path: FilePath) -> [OEMDocument] {
        let isFolder = (try? FileStatus.of(path)).flatMap { $0?.kind } == .directory
        let paths = isFolder ? files(below: path, in: "/") : [path]
        return paths.map { OEMDocument(path: $0, source: .given, file: readGiven($0)) }
    }

    private static func readGiven(_ path: FilePath) -> OEMFile {
        do { return parse(try FileBytes.readGiven(path, limit: YAMLDocument.sizeLimit)) } catch {
            return OEMFile(refused: DocumentError(at: DocumentMark(line: 1, column: 1), "\(error)"))
        }
    }

    /// Reads one file below a root.
    package static func read(_ path: FilePath, _ root: FilePath) -> OEMFile {
        let start = DocumentMark(line: 1, column: 1)
        do {
            let handle = try DirectoryHandle(root: root)
            guard let bytes = try handle.read(path, limit: YAMLDocument.sizeLimit) else {
                return OEMFile(refused: DocumentError(at: start, "it is not there any more"))
            }
            return parse(bytes)
        } catch { return OEMFile(refused: DocumentError(at: start, "\(error)")) }
    }

    /// Reads the bytes of a file.
    package static func parse(_ bytes: [UInt8]) -> OEMFile {
        do throws(DocumentError) {
            let document = try YAMLDocument.parse(bytes, references: .expanded)
            return OEMFile(document, isCloudConfig: OEMHeader.isCloudConfig(bytes))
        } catch { return OEMFile(refused: error) }
    }

    /// The files below a folder whose names end with `.yaml` or `.yml`, in byte order of their names, folders in place.
    ///
    /// The files of lifeboot itself, and what lies in `overlays`, are none of these.
    package static func files(below folder: FilePath, in root: FilePath) -> [FilePath] {
        var found: [FilePath] = []
        walk(folder, root, depth: 0, &found)
        return found
    }

    private static let others: Set<FilePath> = ["/oem/layout.yaml", "/oem/lifeboot.yaml", "/oem/install.yaml"]

    private static func walk(_ folder: FilePath, _ root: FilePath, depth: Int, _ found: inout [FilePath]) {
        guard depth < limits.depth,
            let handle = try? DirectoryHandle(root: root).directory(folder),
            let names = try? Folders.names(of: handle.mountTarget)
        else { return }
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            guard found.count < limits.files, let component = FilePath.Component(name) else { continue }
            let path = folder.appending(component)
            // A link is followed, as the family does it: its target is looked up inside the root.
            guard let kind = kind(path, root), !others.contains(path) else { continue }
            if kind == .directory, name != "overlays" { walk(path, root, depth: depth + 1, &found) }
            if kind == .file, name.hasSuffix(".yaml") || name.hasSuffix(".yml") { found.append(path) }
        }
    }

    private static func kind(_ path: FilePath, _ root: FilePath) -> FileStatus.Kind? {
        let place = root.appending(path.components)
        return (try? FileStatus.of(place)).flatMap { $0?.kind }
    }
}
