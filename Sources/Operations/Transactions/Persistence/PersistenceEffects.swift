import DiskContract
import Faults
import LinuxSystem
import Plans
import SystemPackage
import TransactionPlanning

/// Puts the image's own back into a kept path.
///
/// Order of an exchange, and what a cut leaves: (1) the image's copy grows in the folder `reset.new` of the path's store; a
/// cut leaves that, which nothing uses and the next reset empties. (2) The filesystem is flushed. (3) One rename exchanges
/// copy and what is here, or gives the copy its name, or takes what is here into `reset.new`; before it all is as it was,
/// after it the reset is done. (4) The filesystem is flushed, and `reset.new` removed; a cut leaves some of it.
///
/// A mark is one file, replaced as a whole. The boot removes what it names before the path is mounted, flushes, and removes
/// the mark last; a cut in between leaves the mark, and the next boot goes on.
struct PersistenceEffects: TransactionEffects, ~Copyable {
    private let views: KeptViews

    init(_ views: consuming KeptViews) { self.views = views }

    /// Carries out one action.
    mutating func perform(_ action: PersistenceAction, progress: StepProgress) throws -> [String] {
        switch action {
        case .writeMark(_, let mark): try write(mark)
        case .stage(_, let part): try stage(part, progress)
        case .exchange(_, let part):
            try commit(part) { place, copy throws(SystemError) in try NameExchange.perform(copy, place) }
        case .putBack(_, let part):
            try commit(part) { place, copy throws(SystemError) in try Folders.rename(copy, to: place) }
        case .takeAway(_, let part):
            try emptyStaging()
            try commit(part) { place, copy throws(SystemError) in try Folders.rename(place, to: copy) }
        case .clean: try Folders.remove(staging, .tree)
        }
        return []
    }

    /// Holds nothing.
    mutating func release() -> [String] { [] }

    private var staging: FilePath { views.folder.mountTarget.appending(PersistentStore.staging) }
    /// What is staged; its own name may be one that means something beside it.
    private var copy: FilePath { staging.appending("content") }

    private func write(_ mark: ResetMark) throws(SystemError) {
        guard mark.paths.isEmpty else {
            return try views.folder.replace(PersistentStore.mark, with: mark.bytes, mode: 0o600, owner: .root)
        }
        try views.folder.remove(PersistentStore.mark)
        try Folders.flushFilesystem(views.folder.mountTarget)
    }

    private func emptyStaging() throws(SystemError) {
        try Folders.remove(staging, .tree)
        try Folders.makeNew(staging, permissions: 0o700)
    }

    private func stage(_ part: FilePath, _ progress: StepProgress) throws {
        guard let name = part.lastComponent, let parent = try views.image.descend(part.parents) else {
            throw Self.gone(part)
        }
        try emptyStaging()
        try TreeCopy.copyEntry(parent.mountTarget.appending(name), copy)
        guard try FileStatus.of(copy, followingLinks: false) != nil else { throw Self.gone(part) }
        try Folders.flushFilesystem(staging)
        try progress.check()
    }

    /// Does the one rename, between a place in the path and the staged copy.
    private func commit(_ part: FilePath, _ rename: (FilePath, FilePath) throws(SystemError) -> Void) throws {
        guard let name = part.lastComponent, let parent = try views.layer.descend(part.parents) else {
            throw Self.gone(part)
        }
        try rename(parent.mountTarget.appending(name), copy)
        try Folders.flushFilesystem(staging)
    }

    private static func gone(_ part: FilePath) -> Refusal {
        Refusal(
            .impossible, "resetting", part.string, cause: "it has changed meanwhile",
            remedy: "Look again with `lifeboot persistence diff`.")
    }
}

extension FilePath {
    /// The names of the folders that a relative path goes through.
    var parents: [Component] { Array(components.dropLast()) }
}
