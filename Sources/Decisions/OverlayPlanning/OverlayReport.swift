package import JSONText
import SystemPackage

extension OverlayDecision {
    /// The version of the report's form; a reader refuses another one.
    package static let format: Int64 = 1

    /// The decision as reports and `--json` carry it.
    package var json: JSONValue {
        .object([
            "format": .integer(Self.format),
            "overlays": .array(entries.map(\.json)),
            "stacks": .array(stacks.map(\.json)),
            "conflicts": .array(conflicts.map(\.json)),
            "furtherConflicts": .integer(Int64(furtherConflicts)),
            "remarks": .array(remarks.map { .string($0) }),
        ])
    }

    /// One line for each overlay, in the order of names.
    package var listing: [String] { entries.map(\.line) }

    /// One line for each thing that is not as it should be or may surprise: what is bad, conflicts, remarks.
    ///
    /// Nothing at all when there is no such thing.
    package var findings: [String] {
        let bad = entries.filter { if case .refused = $0.verdict { true } else { false } }.map(\.line)
        let further = furtherConflicts > 0 ? ["and \(furtherConflicts) more of the kind"] : []
        return bad + conflicts.map(\.description) + further + merges + remarks
    }

    /// What is copied because the kernel does not take so many layers.
    private var merges: [String] {
        stacks.flatMap { stack in
            stack.layers.filter(\.isMerged).map { layer in
                """
                \(layer.sources.map(\.name.description).joined(separator: ", ")) are copied into one layer of \
                \(stack.hierarchy.rawValue): the kernel does not take so many
                """
            }
        }
    }
}

extension OverlayDecision.Entry {
    /// Name, place, and what becomes of it.
    fileprivate var line: String { "\(name): \(source.map { "\($0.path), " } ?? "")\(verdict.words)" }

    fileprivate var json: JSONValue {
        .object([
            "name": .string(name.description),
            "path": source.map { .string($0.path.string) } ?? .null,
            "form": source.map { .string($0.file.form.word) } ?? .null,
            "version": source?.file.version.map { .string($0) } ?? .null,
            "verdict": .string(verdict.word),
            "hierarchies": .array(verdict.hierarchies.map { .string($0.rawValue) }),
            "reason": verdict.reason.map { .string($0) } ?? .null,
            "endsBoot": .bool(verdict.endsBoot),
        ])
    }
}

extension OverlayVerdict {
    /// The stable word for it.
    package var word: String {
        switch self {
        case .stacked: "stacked"
        case .elsewhere: "elsewhere"
        case .replaced: "replaced"
        case .mask: "mask"
        case .refused: "refused"
        }
    }

    fileprivate var hierarchies: [OverlayHierarchy] { if case .stacked(let all) = self { all } else { [] } }
    fileprivate var endsBoot: Bool { if case .refused(_, let ends) = self { ends } else { false } }

    /// Why it is not stacked, without full stop; nil when it is.
    fileprivate var reason: String? {
        switch self {
        case .stacked: nil
        case .elsewhere(let reason), .refused(let reason, _): reason
        case .replaced(let other): "\(other.path) counts"
        case .mask: "an empty folder takes away the image's overlay of its name"
        }
    }

    fileprivate var words: String {
        switch self {
        case .stacked(let all): "stacked over \(all.map(\.rawValue).joined(separator: ", "))"
        case .elsewhere: "not for this machine: \(reason ?? "")"
        case .replaced: "replaced: \(reason ?? "")"
        case .mask: "a mask: \(reason ?? "")"
        case .refused(_, endsBoot: false): "left out: \(reason ?? "")"
        case .refused(_, endsBoot: true): "left out, and required: \(reason ?? "")"
        }
    }
}

extension OverlayDecision.Stack {
    fileprivate var json: JSONValue {
        .object([
            "hierarchy": .string(hierarchy.rawValue),
            "joinsWritable": .bool(joinsWritable),
            "layers": .array(
                layers.map { layer in .array(layer.sources.map { .string($0.path.string) }) }),
        ])
    }
}

extension OverlayConflict {
    fileprivate var json: JSONValue {
        .object([
            "path": .string(path), "kind": .string(kind.rawValue), "upper": .string(upper.description),
            "lower": lower.map { .string($0.description) } ?? .null,
        ])
    }
}
