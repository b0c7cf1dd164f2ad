import DocumentTree
package import JSONText
package import OEMModel
package import OEMPlanning
package import SystemPackage

/// What there is to say of files that somebody named.
package struct OEMValidation: Sendable {
    /// The files, read.
    package let documents: [OEMDocument]

    /// Reads files, and those of folders.
    package init(_ paths: [FilePath]) { documents = paths.flatMap(OEMSources.given) }

    /// The worst that was found; nil when nothing was.
    ///
    /// Where there is no file at all, its author thinks of another place.
    package var worst: OEMRemark.Level? { documents.isEmpty ? .file : documents.compactMap(\.file.worst).max() }

    /// One line for each remark, and a last one that sums up.
    package var lines: [String] {
        let remarks = documents.flatMap { document in
            document.file.remarks.map {
                "\(document.path):\($0.mark.line):\($0.mark.column): \($0.level.words): \($0.reason)"
            }
        }
        return remarks + [summary]
    }

    private var summary: String {
        guard !documents.isEmpty else { return "There is no file whose name ends with .yaml or .yml." }
        let count = documents.count == 1 ? "1 file" : "\(documents.count) files"
        let refused = documents.count { $0.file.worst == .file }
        let partly = documents.count { $0.file.worst == .step }
        if refused == 0, partly == 0 { return "\(count): every step counts." }
        return "\(count): \(refused) refused, \(partly) with refused steps."
    }

    /// `format`, `ok`, `files`: each with `path`, `name`, `stages` and `remarks`.
    package var json: JSONValue {
        [
            "format": 1, "ok": .bool((worst ?? .note) < .step),
            "files": .array(
                documents.map { document in
                    [
                        "path": .string(document.path.string),
                        "name": document.file.name.map { .string($0) } ?? .null,
                        "stages": .array(document.file.stages.map { .string($0.stage) }),
                        "remarks": .array(document.file.remarks.map(\.json)),
                    ]
                }),
        ]
    }
}

extension OEMRemark {
    /// `level`, `line`, `column`, `reason`.
    package var json: JSONValue {
        [
            "level": .string(level.words), "line": .integer(Int64(mark.line)),
            "column": .integer(Int64(mark.column)), "reason": .string(reason),
        ]
    }
}

extension OEMRemark.Level {
    /// What it does, in stable words.
    package var words: String {
        switch self {
        case .note: "note"
        case .warning: "warning"
        case .step: "refused step"
        case .file: "refused file"
        }
    }
}
