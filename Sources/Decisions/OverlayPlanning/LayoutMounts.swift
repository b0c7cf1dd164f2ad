package import BootModel
import Plans
import SystemPackage

/// What a boot mounts on the new root, as far as overlays have to know.
package struct LayoutMounts: Equatable, Sendable {
    /// Paths over which an overlay is stacked, the parents' before the children's.
    private var stacked: [FilePath] = []
    /// What hides the image's folder at a path.
    private var hiding: [FilePath: String] = [:]

    /// Takes what the plan of the state phase mounts.
    package init(_ plan: BootPlan) {
        for step in plan.steps {
            switch step.action {
            case .overlayPath(let path, _, _), .persistPath(let path, _, _, .overlay): stacked.append(path)
            case .persistPath(let path, _, _, .bind):
                hiding[path] = "the layout binds a folder of the persistent partition there"
            case .mountVolume(let mount):
                hiding[mount.mount.target] = "the layout mounts \(mount.source.description) there"
            default: break
            }
        }
    }

    /// What overlays of each hierarchy are stacked over, and what comes on top of them.
    package var hierarchies: [OverlayHierarchy: HierarchyFacts] {
        Dictionary(uniqueKeysWithValues: OverlayHierarchy.allCases.map { ($0, facts(FilePath($0.rawValue))) })
    }

    private func facts(_ path: FilePath) -> HierarchyFacts {
        HierarchyFacts(
            below: stacked.contains("/") ? 1 : 0, isWritable: stacked.contains(path), inside: depth(inside: path),
            hiddenBy: hiding[path])
    }

    /// How many overlays lie in each other inside a path.
    ///
    /// What lies in a mount of another filesystem is counted, too: one too many is safe.
    private func depth(inside path: FilePath) -> Int {
        let inside = stacked.filter { $0 != path && $0.starts(with: path) }
        return inside.map { deepest in inside.count { deepest.starts(with: $0) } }.max() ?? 0
    }
}
