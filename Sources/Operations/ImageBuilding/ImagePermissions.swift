import Faults
import ImageAssembly
import TreeModel

/// Says which files of an image run as somebody else, and what everybody may write.
struct ImagePermissions {
    /// The most paths of one list that are said.
    private static let shown = 20

    private let setuid: [String]?
    private let worldWritable: [String]?

    /// Takes the globs of what is accepted; without any all are only reported.
    init(setuid: [String]?, worldWritable: [String]?) {
        self.setuid = setuid
        self.worldWritable = worldWritable
    }

    /// Looks at what was found.
    ///
    /// - Returns: a sentence for each kind that is reported, without a full stop.
    /// - Throws: `ImageBuildError` for what nobody accepted; `GlobError`.
    func notes(_ findings: RootFindings) throws -> [String] {
        let kinds = [
            ("programs that run as their owner or group", "allow-setuid", findings.setuid, setuid),
            ("what everybody may write", "allow-world-writable", findings.worldWritable, worldWritable),
        ]
        return try kinds.compactMap { words, key, paths, globs in
            guard let globs else { return paths.isEmpty ? nil : "\(words): \(Self.list(paths))" }
            let accepted = try globs.map { try PathGlob(parsing: $0) }
            let others = paths.filter { !accepted.cover(EntryPath(joined: Array($0.dropFirst().utf8))) }
            guard others.isEmpty else {
                throw ImageBuildError(
                    "checking", words, "nobody accepted \(Self.list(others))",
                    remedy: "Take the bits away in 'steps', or name the paths in 'checks.\(key)'.")
            }
            return nil
        }
    }

    private static func list(_ paths: [String]) -> String {
        let sorted = paths.sorted()
        let more = sorted.count > shown ? " and \(sorted.count - shown) more" : ""
        return sorted.prefix(shown).joined(separator: ", ") + more
    }
}
