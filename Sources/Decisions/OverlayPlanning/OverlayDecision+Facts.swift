extension OverlayDecision {
    /// Decides about every overlay and every policy; of one name only one overlay counts.
    package init(_ facts: OverlayFacts) {
        let policies = OverlayPolicies(facts.policies, facts.host)
        var deciding = OverlayDeciding(judge: OverlayJudge(facts: facts, policies: policies))
        let byName = Dictionary(grouping: facts.candidates, by: \.source.name)
        for name in Set(byName.keys).union(policies.files.keys).sorted() { deciding.decide(name, byName[name] ?? []) }
        let stacks = OverlayHierarchy.allCases.compactMap(deciding.stack)
        var finder = ConflictFinder()
        for hierarchy in OverlayHierarchy.allCases {
            let nodes = deciding.stacked.filter { $0.used.contains(hierarchy) }.map { ($0.source.name, $0.tree.nodes) }
            finder.look(hierarchy, image: facts.hierarchies[hierarchy]?.image ?? [:], overlays: nodes)
        }
        self.init(
            entries: deciding.entries, stacks: stacks, conflicts: finder.conflicts, furtherConflicts: finder.further,
            remarks: facts.remarks + policies.remarks + deciding.remarks)
    }
}

/// What is decided so far.
private struct OverlayDeciding {
    let judge: OverlayJudge
    private(set) var entries: [OverlayDecision.Entry] = []
    private(set) var stacked: [(source: OverlaySource, used: [OverlayHierarchy], tree: OverlayTree)] = []
    private(set) var remarks: [String] = []

    init(judge: OverlayJudge) { self.judge = judge }

    /// Decides about all overlays of a name.
    mutating func decide(_ name: OverlayName, _ candidates: [OverlayCandidate]) {
        let selection = OverlaySelection(candidates, judge)
        let isRequired = judge.policies.isRequired(name)
        if let chosen = selection.chosen { add(chosen, isRequired) }
        for candidate in selection.replaced {
            if let chosen = selection.chosen { add(name, candidate.source, .replaced(by: chosen.source)) }
        }
        for (candidate, reason) in selection.untrusted { addUntrusted(candidate, reason, isRequired, selection.chosen) }
        if candidates.isEmpty { addMissing(name, isRequired) }
    }

    /// The layers of a hierarchy; nil when there are none.
    func stack(_ hierarchy: OverlayHierarchy) -> OverlayDecision.Stack? {
        let overlays = stacked.filter { $0.used.contains(hierarchy) }.map { (source: $0.source, bytes: $0.tree.bytes) }
        guard !overlays.isEmpty, let place = judge.facts.hierarchies[hierarchy] else { return nil }
        return OverlayDecision.Stack(
            hierarchy: hierarchy, layers: judge.facts.limits.layers(of: overlays), joinsWritable: place.isWritable)
    }

    private mutating func add(_ name: OverlayName, _ source: OverlaySource?, _ verdict: OverlayVerdict) {
        entries.append(OverlayDecision.Entry(name: name, source: source, verdict: verdict))
    }

    private mutating func add(_ candidate: OverlayCandidate, _ isRequired: Bool) {
        let source = candidate.source
        switch judge.finding(candidate) {
        case .elsewhere(let reason): add(source.name, source, .elsewhere(reason))
        case .mask: add(source.name, source, isRequired ? .refused("it is an empty folder", endsBoot: true) : .mask)
        case .bad(let reason): add(source.name, source, .refused(reason, endsBoot: isRequired))
        case .stacked(let used, let remarks):
            add(source.name, source, .stacked(used))
            self.remarks += remarks
            if case .tree(let tree) = candidate.contents { stacked.append((source, used, tree)) }
        }
    }

    /// On a sealed machine: it ends the boot only where nothing else of the name counts, and the machine is meant.
    private mutating func addUntrusted(
        _ candidate: OverlayCandidate, _ reason: String, _ isRequired: Bool, _ chosen: OverlayCandidate?
    ) {
        let name = candidate.source.name
        if let mismatch = judge.policies.policy(name).mismatch(judge.facts.host) {
            add(name, candidate.source, .elsewhere(mismatch))
        } else {
            add(name, candidate.source, .refused(reason, endsBoot: isRequired && chosen == nil))
        }
    }

    private mutating func addMissing(_ name: OverlayName, _ isRequired: Bool) {
        if let reason = judge.policies.fault(name) {
            add(name, nil, .refused(reason, endsBoot: isRequired))
        } else if isRequired, judge.policies.policy(name).mismatch(judge.facts.host) == nil {
            add(name, nil, .refused("it is in neither folder of overlays", endsBoot: true))
        } else if !isRequired {
            remarks.append("\(name) has a policy, and there is no such overlay")
        }
    }
}
