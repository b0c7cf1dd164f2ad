/// Something that an overlay takes from one below it, or from the image.
package struct OverlayConflict: Equatable, Sendable, CustomStringConvertible {
    /// What happens at the path.
    package enum Kind: String, CaseIterable, Sendable {
        /// Both have something there that is no folder.
        case replaces
        /// The lower one has a folder there, and all that is in it is gone.
        case hidesFolder = "hides-folder"
        /// The upper one has a folder where the lower one has none.
        case becomesFolder = "becomes-folder"
        /// A whiteout takes it away.
        case removes
        /// The folder of the lower one is joined, and gets other attributes.
        case attributes
    }

    /// The path in the system.
    package let path: String
    /// What happens.
    package let kind: Kind
    /// The overlay that counts.
    package let upper: OverlayName
    /// The overlay that it takes it from; nil for the image.
    package let lower: OverlayName?

    /// One line without full stop.
    package var description: String {
        let from = lower.map { "that of \($0)" } ?? "the image's"
        switch kind {
        case .replaces: return "\(path) of \(upper) replaces \(from)"
        case .hidesFolder: return "\(path) of \(upper) hides \(from), a folder, with all that is in it"
        case .becomesFolder: return "\(path) of \(upper) is a folder, and replaces \(from), which is none"
        case .removes: return "\(upper) removes \(path), \(from)"
        case .attributes: return "\(path) of \(upper) gives \(from) another owner or mode"
        }
    }
}

/// Finds conflicts from the bottom up.
struct ConflictFinder {
    /// The most conflicts that are listed.
    static let limit = 1000

    private(set) var conflicts: [OverlayConflict] = []
    private(set) var further = 0

    /// What is seen at a path so far, and whose it is; nil for the image.
    private typealias Seen = (kind: OverlayNode.Kind, owner: OverlayName?)

    /// Looks at one hierarchy.
    ///
    /// - Parameter overlays: from the bottom up, each with all of its nodes.
    mutating func look(
        _ hierarchy: OverlayHierarchy, image: [String: OverlayNode.Kind], overlays: [(OverlayName, [OverlayNode])]
    ) {
        var seen: [String: Seen] = image.mapValues { ($0, nil) }
        for (name, nodes) in overlays {
            for node in nodes where OverlayHierarchy(of: node.path) == hierarchy {
                let below = seen[node.path]
                if let below, let kind = Self.kind(node.kind, over: below.kind) {
                    add(OverlayConflict(path: node.path, kind: kind, upper: name, lower: below.owner))
                }
                seen[node.path] = (node.kind, name)
            }
        }
    }

    private mutating func add(_ conflict: OverlayConflict) {
        if conflicts.count < Self.limit { conflicts.append(conflict) } else { further += 1 }
    }

    /// What the upper of two does to the lower; nil when both go together.
    private static func kind(_ upper: OverlayNode.Kind, over lower: OverlayNode.Kind) -> OverlayConflict.Kind? {
        switch (upper, lower) {
        case (_, .whiteout): nil
        case (.whiteout, _): .removes
        case (.opaqueFolder, .folder), (.opaqueFolder, .opaqueFolder): .hidesFolder
        case (.folder(let own), .folder(let other)), (.folder(let own), .opaqueFolder(let other)):
            own == other ? nil : .attributes
        case (.folder, _), (.opaqueFolder, _): .becomesFolder
        case (_, .folder), (_, .opaqueFolder): .hidesFolder
        default: .replaces
        }
    }
}
