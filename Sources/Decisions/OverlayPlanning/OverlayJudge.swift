/// Judges one overlay that counts by its name.
struct OverlayJudge {
    let facts: OverlayFacts
    let policies: OverlayPolicies

    /// What an overlay deserves, apart from what its policy makes of it.
    enum Finding {
        case stacked([OverlayHierarchy], remarks: [String])
        case elsewhere(String)
        case mask
        case bad(String)
    }

    /// Asks in an order in which nothing is looked into that is not trusted or not meant for this machine.
    func finding(_ candidate: OverlayCandidate) -> Finding {
        let source = candidate.source
        if let reason = policies.fault(source.name) { return .bad(reason) }
        if let reason = policies.policy(source.name).mismatch(facts.host) { return .elsewhere(reason) }
        if let reason = untrusted(candidate) { return .bad(reason) }
        switch candidate.contents {
        case .unreadable(let reason): return .bad("it cannot be read: \(reason)")
        case .tree(let tree): return finding(source, tree)
        }
    }

    /// Why it must not be looked into; nil when it may.
    func untrusted(_ candidate: OverlayCandidate) -> String? {
        candidate.protection.refusal(candidate.source.file.form, isSealed: facts.host.isSealed)
    }

    private func finding(_ source: OverlaySource, _ tree: OverlayTree) -> Finding {
        if source.file.form == .folder, tree.isEmpty { return .mask }
        switch coverage(source.file, tree) {
        case .failure(let refusal): return .bad(refusal.reason)
        case .success(let covered):
            let used = covered.filter(tree.hierarchies.contains)
            guard !used.isEmpty else { return .bad("it has nothing in \(Self.list(covered))") }
            if let reason = placeRefusal(used) ?? nodeRefusal(tree.nodes, used) { return .bad(reason) }
            return .stacked(used, remarks: remarks(source, tree, used))
        }
    }

    private struct Refusal: Error { let reason: String }

    /// What an overlay can extend: what it says that it is an extension of; all, when it is a folder or an archive that does not
    /// say so.
    private func coverage(_ file: OverlayFile, _ tree: OverlayTree) -> Result<[OverlayHierarchy], Refusal> {
        var covered: [OverlayHierarchy] = []
        var isExtension = false
        for kind in ExtensionKind.allCases {
            switch ExtensionReleaseChoice(kind, tree.releases, names: file.releaseNames) {
            case .none: continue
            case .refused(let reason): return .failure(Refusal(reason: reason))
            case .release(let release):
                isExtension = true
                let host = facts.host
                if let reason = release.mismatch(host: host.osRelease, architecture: host.architecture) {
                    return .failure(Refusal(reason: reason))
                }
                covered += kind.hierarchies
            }
        }
        if isExtension { return .success(covered) }
        guard file.form.isImage else { return .success(OverlayHierarchy.allCases) }
        let folders = ExtensionKind.allCases.map {
            "\($0.folder)/\(ExtensionReleaseFile.prefix)\(file.releaseNames[0])"
        }
        return .failure(
            Refusal(reason: "it is no extension image: it has neither \(folders.joined(separator: " nor "))"))
    }

    private func placeRefusal(_ used: [OverlayHierarchy]) -> String? {
        for hierarchy in used {
            guard let place = facts.hierarchies[hierarchy] else { return "the image has no \(hierarchy.rawValue)" }
            guard place.depth <= facts.limits.depth else {
                return """
                    \(place.depth) overlays would lie in each other at \(hierarchy.rawValue), and the kernel takes \
                    \(facts.limits.depth)
                    """
            }
        }
        return nil
    }

    private func nodeRefusal(_ nodes: [OverlayNode], _ used: [OverlayHierarchy]) -> String? {
        for node in nodes {
            guard OverlayHierarchy.isPlain(node.path) else {
                return "it has a path that leads elsewhere: '\(node.path)'"
            }
            guard let hierarchy = OverlayHierarchy(of: node.path), used.contains(hierarchy) else { continue }
            if let reason = ProtectedPaths.refusal(of: node) { return "it has \(node.path): \(reason)" }
            if let reason = clash(node, facts.hierarchies[hierarchy]?.image[node.path]) { return reason }
        }
        return nil
    }

    /// Why what the image has below would be lost without anybody meaning it; a whiteout and an opaque folder are meant.
    private func clash(_ node: OverlayNode, _ below: OverlayNode.Kind?) -> String? {
        guard let below else { return nil }
        let isFolder = node.kind.attributes != nil
        switch (node.kind, below) {
        case (.file, .folder), (.link, .folder), (.file, .opaqueFolder), (.link, .opaqueFolder):
            return "\(node.path) is \(node.kind.words), and hides the image's folder with all that is in it"
        case (_, .link) where isFolder:
            return "\(node.path) is a folder, and hides the image's link; put its files where the link leads"
        default: return nil
        }
    }

    private func remarks(_ source: OverlaySource, _ tree: OverlayTree, _ used: [OverlayHierarchy]) -> [String] {
        let unused = tree.hierarchies.subtracting(used).sorted()
        let hidden = used.compactMap { hierarchy in
            facts.hierarchies[hierarchy]?.hiddenBy.map {
                "\(source.path): what it has in \(hierarchy.rawValue) is not seen: \($0)"
            }
        }
        guard !unused.isEmpty else { return hidden }
        return hidden + ["\(source.path): \(Self.list(unused)) in it is left out: its extension-release is not for it"]
    }

    private static func list(_ hierarchies: [OverlayHierarchy]) -> String {
        hierarchies.map(\.rawValue).joined(separator: " or ")
    }
}
