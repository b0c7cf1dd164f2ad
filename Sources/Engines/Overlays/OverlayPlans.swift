package import OverlayPlanning
package import Plans
package import SystemPackage

/// An overlay that is looked into, and where it can be seen then.
package struct OverlayOpening: Equatable, Sendable {
    /// The overlay.
    package var source: OverlaySource
    /// What keeps it from being changed.
    package var protection: OverlayProtection
    /// Where it is seen.
    package var place: FilePath
}

/// Plans how overlays are opened, and how they are stacked.
package enum OverlayPlans {
    /// What is opened: overlays of which the decision depends on what is in them.
    ///
    /// - Parameters:
    ///   - decision: made as if nothing could be read, for the reason of `OverlayScan.unopened`.
    package static func openings(
        _ decision: OverlayDecision, of candidates: [OverlayCandidate], in places: OverlayPlaces
    ) -> [OverlayOpening] {
        let wanted = decision.entries.compactMap { entry -> OverlaySource? in
            guard case .refused(let reason, _) = entry.verdict, reason.hasSuffix(OverlayScan.unopened) else {
                return nil
            }
            return entry.source
        }
        return wanted.enumerated().compactMap { number, source in
            guard let candidate = candidates.first(where: { $0.source == source }) else { return nil }
            return OverlayOpening(source: source, protection: candidate.protection, place: places.layer(number))
        }
    }

    /// Plans the opening; a step that fails leaves its overlay to its policy.
    package static func opening(
        _ openings: [OverlayOpening], in root: OverlayRoot, _ places: OverlayPlaces
    ) -> Plan<OverlayAction> {
        let store = Step<OverlayAction>(
            .makeStore(places.store, size: places.size),
            .optional("overlays that are required end the boot when they are judged"))
        let steps = openings.map {
            Step(open($0, root), .optional("its policy says whether the boot can do without it"))
        }
        return Plan("overlays", "open \(openings.count)", openings.isEmpty ? [] : [store] + steps)
    }

    private static func open(_ opening: OverlayOpening, _ root: OverlayRoot) -> OverlayAction {
        let (source, place) = (opening.source, opening.place)
        let file = root.file(source)
        switch source.file.form {
        case .folder: return .showFolder(file, at: place)
        case .tar, .compressedTar:
            var isSigned = false
            if case .signed = opening.protection { isSigned = true }
            return .unpack(file, mustBeSigned: isSigned, into: place)
        case .squashfs, .erofs, .raw:
            var verity: VerityFiles?
            if case .verity(let key) = opening.protection {
                verity = VerityFiles(
                    tree: root.beside(source, ".verity"), rootHash: root.beside(source, ".roothash"),
                    mustBeSigned: key != nil)
            }
            return .mountImage(file, filesystems: filesystems(of: source.file.form), verity: verity, at: place)
        }
    }

    private static func filesystems(of form: OverlayForm) -> [String] {
        switch form {
        case .squashfs: ["squashfs"]
        case .erofs: ["erofs"]
        case .raw, .folder, .tar, .compressedTar: ["squashfs", "erofs", "ext4"]
        }
    }
}

/// What is mounted of a decision, and what the caller stacks itself.
package struct StackingPlan: Equatable, Sendable {
    /// The steps.
    package var plan: Plan<OverlayAction>
    /// For a hierarchy that the layout makes writable: places from the bottom up, whose folder of the hierarchy's name is
    /// a lower layer of the layout's overlay.
    package var joined: [OverlayHierarchy: [FilePath]]

    /// Lower layers from the top down for each hierarchy of which no place has failed: half a stack is not what was meant.
    package func lowerLayers(without failed: Set<FilePath>) -> [OverlayHierarchy: [FilePath]] {
        var layers: [OverlayHierarchy: [FilePath]] = [:]
        for (hierarchy, places) in joined where failed.isDisjoint(with: places) {
            layers[hierarchy] = places.reversed().map { $0.appending(hierarchy.components) }
        }
        return layers
    }
}

extension OverlayPlans {
    /// Plans the stacking.
    ///
    /// - Parameters:
    ///   - openings: those that were opened without a failure.
    ///   - next: the first number of a place that none of all openings has.
    ///   - isRequired: whether a boot ends without an overlay.
    package static func stacking(
        _ decision: OverlayDecision, _ openings: [OverlayOpening], root: FilePath, _ places: OverlayPlaces, next: Int,
        isRequired: (OverlayName) -> Bool
    ) -> StackingPlan {
        var planner = StackPlanner(openings: openings, root: root, places: places, next: next)
        for stack in decision.stacks { planner.add(stack, isRequired: isRequired) }
        return planner.finished
    }
}

private struct StackPlanner {
    let openings: [OverlayOpening]
    let root: FilePath
    let places: OverlayPlaces
    private var merges: [Step<OverlayAction>] = []
    private var stacks: [Step<OverlayAction>] = []
    private var joined: [OverlayHierarchy: [FilePath]] = [:]
    private var used: Set<FilePath> = []
    private var next: Int

    init(openings: [OverlayOpening], root: FilePath, places: OverlayPlaces, next: Int) {
        (self.openings, self.root, self.places, self.next) = (openings, root, places, next)
    }

    mutating func add(_ stack: OverlayDecision.Stack, isRequired: (OverlayName) -> Bool) {
        let sources = stack.layers.flatMap(\.sources)
        let requirement: Requirement =
            sources.contains { isRequired($0.name) }
            ? .required : .optional("no policy says that one of its overlays is required")
        let layers = stack.layers.compactMap { place(of: $0, stack.hierarchy, requirement) }
        if stack.joinsWritable {
            joined[stack.hierarchy] = layers
        } else {
            stacks.append(Step(.stack(stack.hierarchy, layers, root: root), requirement))
        }
    }

    /// Closing comes first: it gives memory back that merging takes.
    var finished: StackingPlan {
        let closing = openings.filter { !used.contains($0.place) }.map {
            Step<OverlayAction>(.close($0.place), .optional("it is only a waste"))
        }
        let protection = Step<OverlayAction>(
            .protectStore(places.store), .optional("root alone can write to it in any case"))
        let steps = openings.isEmpty ? [] : closing + merges + [protection] + stacks
        return StackingPlan(plan: Plan("overlays", "stack on \(root)", steps), joined: joined)
    }

    private mutating func place(
        of layer: OverlayLayer, _ hierarchy: OverlayHierarchy, _ requirement: Requirement
    ) -> FilePath? {
        let found = layer.sources.compactMap { source in openings.first { $0.source == source }?.place }
        used.formUnion(found)
        guard layer.isMerged else { return found.first }
        let place = places.layer(next)
        next += 1
        merges.append(Step(.merge(found, hierarchy, into: place), requirement))
        return place
    }
}
