import DiskContract
import LinuxSystem
package import SystemPackage

/// Finds the files of configuration that stages are made of (docs/oem.md).
package enum StageFiles {
    /// How many files are looked at, how deep folders are looked into, and the largest file, in bytes.
    package static let limits = (files: 4_096, depth: 64, size: 1 << 20)

    /// Files on OEM that are for lifeboot itself.
    private static let others: Set<FilePath> = [
        "/oem/layout.yaml", "/oem/lifeboot.yaml", "/oem/install.yaml", MachinePaths.diskSettings,
    ]

    /// The files below a folder whose names end with `.yaml` or `.yml`, in byte order of their names, folders in place.
    ///
    /// - Parameters:
    ///   - folder: as the booted system has it.
    ///   - root: the root that it is looked up in, links included.
    package static func below(_ folder: FilePath, in root: FilePath) -> [FilePath] {
        var found: [FilePath] = []
        walk(folder, root, depth: 0, &found)
        return found
    }

    /// Those that somebody has named by a path: all below a folder, else a file, whatever its name.
    package static func given(_ path: FilePath, in root: FilePath) -> [FilePath] {
        do {
            _ = try DirectoryHandle(root: root).directory(path)
            return below(path, in: root)
        } catch { return [path] }
    }

    private static func walk(_ folder: FilePath, _ root: FilePath, depth: Int, _ found: inout [FilePath]) {
        guard depth < limits.depth else { return }
        let names: [String]
        do { names = try DirectoryHandle(root: root).directory(folder).names() } catch { return }
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            guard found.count < limits.files, let component = FilePath.Component(name) else { continue }
            let path = folder.appending(component)
            guard !others.contains(path) else { continue }
            let isFile = name.hasSuffix(".yaml") || name.hasSuffix(".yml")
            if isFile { found.append(path) } else if name != "overlays" { walk(path, root, depth: depth + 1, &found) }
        }
    }

    /// Those of some stages that a file may name: none of them is missed, one too many costs a look by the stage itself.
    package static func named(
        _ stages: [String], in root: FilePath, folders: [FilePath] = MachinePaths.configuration
    ) -> Set<String> {
        var named: Set<String> = []
        for folder in folders {
            for file in given(folder, in: root) where named.count < stages.count {
                guard let bytes = read(file, root) else { continue }
                named.formUnion(stages.filter { !named.contains($0) && isNamed($0, bytes) })
            }
        }
        return named
    }

    private static func read(_ file: FilePath, _ root: FilePath) -> [UInt8]? {
        do { return try DirectoryHandle(root: root).read(file, limit: limits.size) } catch { return nil }
    }

    /// Names may come about by an escape; and a hostname of cloud-init belongs to stage `initramfs` without naming it.
    private static func isNamed(_ stage: String, _ bytes: [UInt8]) -> Bool {
        let words = stage == "initramfs" ? [stage, "hostname", "fqdn"] : [stage]
        return words.contains { has(Array($0.utf8), bytes) } || hasEscape(bytes)
    }

    /// Whether there is an escape of YAML that can stand for a letter, or joins two lines of a word.
    private static func hasEscape(_ bytes: [UInt8]) -> Bool {
        let letters = Set("xuU\n\r".utf8)
        return zip(bytes, bytes.dropFirst()).contains { $0 == 0x5C && letters.contains($1) }
    }

    private static func has(_ word: [UInt8], _ bytes: [UInt8]) -> Bool {
        guard let first = word.first, bytes.count >= word.count else { return false }
        for start in 0...(bytes.count - word.count) where bytes[start] == first {
            if bytes[start..<(start + word.count)].elementsEqual(word) { return true }
        }
        return false
    }
}
