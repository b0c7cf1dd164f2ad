import Archives
import LinuxSystem
import OverlayPlanning
package import Plans
package import SystemPackage
import Verity

/// What undoes a step with overlays.
package enum OverlayUndo: Equatable, Sendable {
    /// Unmount this.
    case unmount(FilePath)
    /// Take this mapping of dm-verity down.
    case deactivateVerity(String)
}

/// Opens and stacks overlays on the machine that it runs on.
package struct LiveOverlayEffects: UnwindEffects, ~Copyable {
    private let kernelLog = KernelLog(name: "lifeboot")
    let signatures: OverlaySignatures
    let store: FilePath
    /// What is open at places, in the order in which it is undone; a place that was closed has nothing.
    var open: [FilePath: [OverlayUndo]] = [:]
    /// Why steps failed, by the place that they were to give, in words of the layer that failed.
    private(set) var failures: [FilePath: String] = [:]
    /// What was left out of archives and copies, a sentence without full stop each.
    private(set) var remarks: [String] = []

    init(_ store: FilePath, _ signatures: OverlaySignatures) {
        (self.store, self.signatures) = (store, signatures)
    }

    /// Microseconds since power-on (`CLOCK_BOOTTIME`).
    package func now() -> Int64 {
        let (seconds, attoseconds) = MonotonicClock.now().components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    /// Writes a line to the kernel's log.
    package func log(_ line: String) { kernelLog.write(line, level: .notice) }

    /// Carries out one action.
    package mutating func perform(_ action: OverlayAction) throws -> StepResult<OverlayUndo> {
        do { return try carryOut(action) } catch {
            for case .layer(let place) in action.gives { failures[place] = "\(error)".withoutStop }
            throw error
        }
    }

    /// Undoes one step; what was closed meanwhile is undone already.
    package mutating func undo(_ action: OverlayUndo) throws {
        switch action {
        case .unmount(let place):
            let isClosed = place.starts(with: store) && place != store && open[place] == nil
            if !isClosed { try Mount.unmount(place) }
        case .deactivateVerity(let name):
            if open.values.contains(where: { $0.contains(action) }) { try VerityMapping.deactivate(name) }
        }
    }

    private mutating func carryOut(_ action: OverlayAction) throws -> StepResult<OverlayUndo> {
        switch action {
        case .makeStore(let path, let size): try makeStore(path, size)
        case .showFolder(let path, let place): try show(path, place)
        case .mountImage(let file, let filesystems, let verity, let place):
            try mountImage(file, filesystems, verity, place)
        case .unpack(let file, let mustBeSigned, let place): try unpack(file, mustBeSigned, place)
        case .close(let place): try close(place)
        case .merge(let places, let hierarchy, let target): try merge(places, hierarchy, target)
        case .protectStore(let path): try protect(path)
        case .stack(let hierarchy, let places, let root): try stack(hierarchy, places, root)
        }
    }

    private mutating func merge(
        _ places: [FilePath], _ hierarchy: OverlayHierarchy, _ target: FilePath
    ) throws -> StepResult<OverlayUndo> {
        let folder = target.appending(hierarchy.components)
        try Folders.make(folder)
        var writer = try TreeWriter(into: folder, .layer)
        for place in places {
            var source = try DirectorySource(path: place.appending(hierarchy.components))
            try writer.write(&source)
        }
        open[target] = []
        return result(writer.notes, target)
    }

    mutating func result(_ notes: ArchiveNotes, _ place: FilePath) -> StepResult<OverlayUndo> {
        let lines = notes.counts.map { $0.count > 1 ? "\($0.message) (\($0.count) times)" : $0.message }
        remarks += lines.map { "\(place): \($0)" }
        return StepResult(note: lines.isEmpty ? nil : lines.joined(separator: "; "))
    }

    private mutating func close(_ place: FilePath) throws -> StepResult<OverlayUndo> {
        let undo = open.removeValue(forKey: place) ?? []
        for action in undo {
            switch action {
            case .unmount(let place): try Mount.unmount(place)
            case .deactivateVerity(let name): try VerityMapping.deactivate(name)
            }
        }
        try Folders.remove(place, .tree)
        return StepResult()
    }

    private func protect(_ path: FilePath) throws -> StepResult<OverlayUndo> {
        try Mount.remount(path, readOnly: true)
        return StepResult()
    }

    /// Redirections and metadata without content are not followed: they would make files of an overlay be others'.
    private func stack(
        _ hierarchy: OverlayHierarchy, _ places: [FilePath], _ root: FilePath
    ) throws -> StepResult<OverlayUndo> {
        let point = try DirectoryHandle(root: root).directory(FilePath(hierarchy.rawValue))
        let lower = places.reversed().map { $0.appending(hierarchy.components) } + [try point.realPath]
        let options = ["ro", "nodev", "redirect_dir=nofollow", "metacopy=off"]
        try Mount.overlay(lower: lower, upper: nil, work: nil, on: point.mountTarget, options: options)
        return StepResult(undo: [.unmount(root.appending(hierarchy.components))])
    }

    mutating func opened(_ place: FilePath, _ undo: [OverlayUndo]) -> StepResult<OverlayUndo> {
        open[place] = undo
        return StepResult(undo: undo)
    }
}
