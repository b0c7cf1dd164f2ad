package import ImageFolders
package import ImageModel
import JSONText
import LinuxSystem
package import OverlayPlanning
package import Plans
package import SystemPackage

/// What overlays are stacked for.
package struct OverlayRequest: Equatable, Sendable {
    /// The root whose folders they are stacked over; `/sysroot` in a boot.
    package var root: OverlayRoot
    /// The role that boots.
    package var role: Role
    /// The machine type in OCI's spelling, as `amd64`.
    package var architecture: String
    /// The board's name; nil when nothing says it.
    package var board: String?
    /// Whether only what an image key has signed counts.
    package var seal: SystemSeal
    /// What the layout makes of the hierarchies; what the image has in them is looked up.
    package var hierarchies: [OverlayHierarchy: HierarchyFacts] = [:]
    /// Where they are opened.
    package var places = OverlayPlaces()
    /// Whether everything in them is looked at, which conflicts need.
    package var isThorough = false
    /// Overlays that are judged as if they lay in their folder.
    package var added: [OverlaySource] = []

    /// Makes a request.
    package init(root: OverlayRoot, role: Role, architecture: String, board: String? = nil, seal: SystemSeal) {
        (self.root, self.role, self.architecture, self.board, self.seal) = (root, role, architecture, board, seal)
    }
}

/// Opens, judges and stacks overlays, and can undo all of it.
package struct OverlayRun: ~Copyable {
    /// What is asked for.
    package let request: OverlayRequest
    /// What the folders hold.
    package let scan: OverlayScan
    private var runner = UnwindRunner<OverlayAction, OverlayUndo>()
    private var effects: LiveOverlayEffects
    private var openings: [OverlayOpening] = []
    /// What became of each step so far.
    package private(set) var steps: [StepReport] = []

    /// Reads the folders of overlays.
    package init(_ request: OverlayRequest) {
        self.request = request
        scan = OverlayScan(request.root, request.seal, added: request.added)
        effects = LiveOverlayEffects(request.places.store, OverlaySignatures(request.seal))
    }

    /// Opens what must be looked into, and decides.
    ///
    /// Nothing is mounted that is not trusted or not meant for this machine: a first decision, made as if nothing could be
    /// read, says what depends on it.
    ///
    /// - Throws: `StepFailure` for a plan that cannot be run.
    package mutating func decide() throws -> OverlayDecision {
        var facts = try facts()
        openings = OverlayPlans.openings(OverlayDecision(facts), of: facts.candidates, in: request.places)
        try run(OverlayPlans.opening(openings, in: request.root, request.places))
        let isThorough = request.isThorough || openings.count > facts.limits.capacity
        for index in facts.candidates.indices {
            let source = facts.candidates[index].source
            guard let opening = openings.first(where: { $0.source == source }) else { continue }
            facts.candidates[index].contents = contents(of: opening, isThorough: isThorough)
        }
        facts.remarks += effects.remarks
        describeImage(&facts)
        return OverlayDecision(facts)
    }

    /// Stacks what was decided.
    ///
    /// - Returns: for each hierarchy that the layout makes writable, folders from the top down that become lower layers of
    ///   its overlay, over the image's own; mount it with `redirect_dir=nofollow` and `metacopy=off`.
    /// - Throws: `OverlayError` when an overlay cannot be used that is required; `StepFailure` when mounting it fails.
    package mutating func stack(_ decision: OverlayDecision) throws -> [OverlayHierarchy: [FilePath]] {
        try decision.checkRequired()
        let isSealed = request.seal.isSealed
        let usable = openings.filter { effects.failures[$0.place] == nil }
        let scan = scan
        let plan = OverlayPlans.stacking(
            decision, usable, root: request.root.path, request.places, next: openings.count
        ) {
            scan.isRequired($0, isSealed: isSealed)
        }
        try run(plan.plan)
        return plan.lowerLayers(without: Set(effects.failures.keys))
    }

    /// Undoes everything in reverse; what fails goes to the kernel's log.
    package mutating func undo() { runner.unwind(&effects) }

    /// Writes a line to the kernel's log.
    func log(_ line: String) { effects.log(line) }

    private mutating func run(_ plan: Plan<OverlayAction>) throws {
        guard !plan.steps.isEmpty else { return }
        var reports: [StepReport] = []
        defer { steps += reports }
        try runner.run(plan, &effects) { reports.append($0) }
    }

    private func contents(of opening: OverlayOpening, isThorough: Bool) -> OverlayCandidate.Contents {
        if let reason = effects.failures[opening.place] { return .unreadable(reason) }
        if let failed = steps.first(where: { $0.outcome == .failedOptional && $0.step == "make-overlay-store" }) {
            return .unreadable(failed.message?.withoutStop ?? "there is no place for it")
        }
        do { return .tree(try OverlayTreeReader(place: opening.place, isThorough: isThorough).tree()) } catch {
            return .unreadable("\(error)".withoutStop)
        }
    }

    private func facts() throws -> OverlayFacts {
        let root = request.root.path
        var hierarchies: [OverlayHierarchy: HierarchyFacts] = [:]
        var lookup = NodeLookup(root: root)
        for hierarchy in OverlayHierarchy.allCases where (try? lookup.kind(hierarchy.rawValue))??.isFolder == true {
            hierarchies[hierarchy] = request.hierarchies[hierarchy] ?? HierarchyFacts()
        }
        var remarks = scan.remarks
        let host = OverlayHost(
            osRelease: try HostRelease.read(root, &remarks),
            architecture: SystemdArchitecture.name(ofOCI: request.architecture), board: request.board,
            role: request.role, isSealed: request.seal.isSealed)
        return OverlayFacts(
            candidates: scan.candidates, policies: scan.policies, host: host, hierarchies: hierarchies,
            remarks: remarks)
    }

    /// Looks up what the image has where overlays have something.
    private func describeImage(_ facts: inout OverlayFacts) {
        var lookup = NodeLookup(root: request.root.path)
        for candidate in facts.candidates {
            guard case .tree(let tree) = candidate.contents else { continue }
            for node in tree.nodes {
                guard let kind = (try? lookup.kind(node.path)).flatMap(\.self) else { continue }
                let hierarchy = OverlayHierarchy.allCases.first {
                    node.path == $0.rawValue || node.path.hasPrefix($0.rawValue + "/")
                }
                if let hierarchy { facts.hierarchies[hierarchy]?.image[node.path] = kind }
            }
        }
    }
}

/// Reads the os-release of a root.
private enum HostRelease {
    static func read(_ root: FilePath, _ remarks: inout [String]) throws -> ReleaseText {
        for name in ["etc/os-release", "usr/lib/os-release"] {
            do {
                let handle = try DirectoryHandle(root: root)
                guard let bytes = try handle.read(FilePath(name), limit: ReleaseText.sizeLimit) else { continue }
                return try ReleaseText(parsing: bytes)
            } catch { remarks.append("the os-release of \(root) cannot be read: \("\(error)".withoutStop)") }
        }
        // What says nothing fits no extension, and does not keep others from being stacked.
        return try ReleaseText(parsing: [])
    }
}
