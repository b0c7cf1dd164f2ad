import BootModel
package import DiskContract
import Faults
import ImageModel
import InstalledSystem
import LinuxSystem
package import Plans
import SystemPackage
package import TransactionPlanning

/// One kept path, with what differs in it, for `lifeboot persistence status`.
package struct KeptState: Equatable, Sendable {
    /// The path.
    package var kept: KeptPath
    /// What differs; nil when it could not be compared.
    package var difference: KeptDifference?
    /// Why it could not be compared.
    package var problem: String?
    /// What the next boot resets.
    package var mark: ResetMark

    /// Describes a kept path.
    package init(
        kept: KeptPath, difference: KeptDifference? = nil, problem: String? = nil, mark: ResetMark = ResetMark()
    ) {
        (self.kept, self.difference, self.problem, self.mark) = (kept, difference, problem, mark)
    }
}

/// The whole of `lifeboot persistence`, without its arguments and its words.
package struct PersistenceOperation {
    private let store = MachinePaths.persistent
    private let kept: [KeptPath]
    /// What is mounted where, as others see it.
    private let mounts: [FilePath]
    private let since: Int64?
    private let session: OperationSession

    /// Finds out what is kept, and takes mounts of its own, in which it can look below what is mounted.
    ///
    /// - Parameters:
    ///   - changes: whether something is to be changed, so that no other operation may be at work.
    ///   - observer: is told what happens.
    /// - Throws: `Refusal` when this is not root, no system of ours runs, or no persistent partition is mounted.
    package init(changes: Bool, observer: @escaping TransactionObserver) throws {
        session = try OperationSession("persistence", changes: changes, observer: observer)
        let mounts = try Procfs.mounts()
        guard mounts.contains(where: { $0.target == MachinePaths.persistent }) else {
            throw Refusal(
                .notFound, "looking at", "what persists", cause: "no persistent partition is mounted",
                remedy: "Recovery mounts none. Else `lifeboot status` says what went wrong at this boot.")
        }
        kept = KeptPaths.find(in: mounts, store: store)
        self.mounts = mounts.map(\.target)
        since = Self.arrival()
        try OperationSession.separateMounts()
    }

    /// When this machine got the running image; nil when nobody knows.
    private static func arrival() -> Int64? {
        guard let running = try? MachineReading.running("persistence") else { return nil }
        let folder = ImageStore(MachinePaths.store(running.role)).directory(running.image)
        return (try? FileStatus.of(folder.appending(ImageFile.manifest.rawValue))).flatMap { $0?.changed }
    }

    /// What is kept, what differs in it, and which folders of the partition no path shows.
    ///
    /// - Throws: `SystemError` when the partition cannot be read.
    package func status() throws -> (states: [KeptState], unused: [String]) {
        // The deepest first: taking a mount away takes away what is mounted in it.
        let order = kept.sorted { $0.path.components.count > $1.path.components.count }
        let states = order.map(state).sorted { $0.kept.path.string < $1.kept.path.string }
        return (states, try KeptPaths.unused(besides: kept, store: store))
    }

    private func state(_ kept: KeptPath) -> KeptState {
        var state = KeptState(kept: kept)
        do {
            let views = try KeptViews(kept, store: store)
            state.mark = try views.mark
            state.difference = views.difference(of: kept, since: since, limit: 0)
        } catch { state.problem = "\(error)" }
        return state
    }

    /// What differs in a path that is kept, or in a part of one.
    ///
    /// - Parameter limit: how many differences are named.
    /// - Throws: `Refusal` when it is in no path that is kept; `SystemError`.
    package func difference(of path: String, limit: Int) throws -> KeptDifference {
        let (kept, part) = try KeptPath.holding(path, among: kept)
        return try KeptViews(kept, store: store).difference(of: kept, part, since: since, limit: limit)
    }

    /// Puts the image's own back, or only plans it.
    ///
    /// - Parameters:
    ///   - takesBack: whether what the next boot would reset is to be left as it is instead.
    ///   - isDryRun: whether nothing is changed.
    /// - Returns: the plan, and what became of it; nil for a dry run, or when there is nothing to do.
    /// - Throws: `Refusal` with the reason not to; `TransactionFailure`.
    package func reset(
        _ path: String, takesBack: Bool, isDryRun: Bool
    ) throws -> (plan: Plan<PersistenceAction>, outcome: TransactionOutcome?) {
        let (kept, part) = try KeptPath.holding(path, among: kept)
        let views = try KeptViews(kept, store: store)
        var facts = try views.facts(kept, part)
        facts.mounts = mounts.filter { $0.starts(with: kept.place(of: part)) && $0 != kept.path }
        let plan = try takesBack ? PersistencePlan.takeBack(facts) : PersistencePlan.reset(facts)
        guard !isDryRun, !plan.steps.isEmpty else { return (plan, nil) }
        var effects = PersistenceEffects(views)
        return (plan, try session.run(plan, &effects))
    }
}

extension KeptViews {
    /// What the next boot resets.
    var mark: ResetMark {
        get throws(SystemError) {
            let name = FilePath(root: nil, [PersistentStore.mark])
            return try folder.read(name, limit: ResetMark.sizeLimit).map { ResetMark($0) } ?? ResetMark()
        }
    }

    /// What differs in a part of the path; all of it when the part is empty.
    func difference(of kept: KeptPath, _ part: FilePath = "", since: Int64?, limit: Int) -> KeptDifference {
        var comparison = TreeDifference(of: kept.path, since: since, limit: limit)
        comparison.compare(self, part, isLayer: kept.mode == .overlay)
        return comparison.found
    }

    /// What a reset of a part is planned from, but what is mounted in it.
    func facts(_ kept: KeptPath, _ part: FilePath) throws(SystemError) -> PersistenceFacts {
        let (here, image) = (try entry(part, in: self.here), try entry(part, in: self.image))
        let isKept =
            switch kept.mode {
            case .overlay: try entry(part, in: layer) != .missing
            case .bind: !difference(of: kept, part, since: nil, limit: 0).isEmpty
            }
        var facts = PersistenceFacts(kept, part, here: here, image: image, isKept: isKept)
        facts.hasParent = try layer.descend(part.parents) != nil
        facts.mark = try mark
        if kept.mode == .overlay { facts.hidingFolder = try hidingFolder(of: part) }
        return facts
    }

    private func entry(
        _ part: FilePath, in root: borrowing DirectoryHandle
    ) throws(SystemError) -> PersistenceFacts.Entry {
        guard let name = part.lastComponent else { return .plain }
        guard let parent = try root.descend(part.parents), let status = try parent.status(name) else { return .missing }
        switch status.kind {
        case .file, .directory, .link: return .plain
        case .blockDevice, .other: return .special
        }
    }

    /// The first folder above a part that does not let the image's show through.
    fileprivate func hidingFolder(of part: FilePath) throws(SystemError) -> FilePath? {
        for count in 1..<max(1, part.components.count) {
            let names = Array(part.components.prefix(count))
            guard let folder = try layer.descend(names) else { return nil }
            if try !folder.showsLower { return FilePath(root: nil, names) }
        }
        return nil
    }
}

extension TreeDifference {
    /// Compares a part of a kept path; one that neither side has does not differ.
    mutating func compare(_ views: borrowing KeptViews, _ part: FilePath, isLayer: Bool) {
        do throws(SystemError) {
            guard let name = part.lastComponent else {
                return compare(here: views.here, image: views.image, layer: views.layer, isLayer: isLayer)
            }
            let parents = part.parents
            guard let here = try views.here.descend(parents) else {
                guard try views.image.descend(parents)?.status(name) != nil else { return }
                return found.add(KeptChange(place(part), .removed))
            }
            guard let image = try views.image.descend(parents) else {
                if let status = try here.status(name) { try add(name, part, status, here, 0) }
                return
            }
            // The layer names what can differ, but not below a folder that hides the image's.
            if isLayer, let layer = try views.layer.descend(parents), try views.hidingFolder(of: part) == nil {
                guard try layer.status(name) != nil else { return }
                try compare(name, part, here, image, layer, true, 0)
            } else {
                try compare(name, part, here, image, here, false, 0)
            }
        } catch { remark(part, error) }
    }
}
