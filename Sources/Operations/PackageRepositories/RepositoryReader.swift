package import Cryptography
import Faults
package import ImageModel
import LinuxSystem
package import PackageModel
package import RegistryModel
package import RepositoryPlanning

/// Opens repositories: one tag, and then digests only.
package struct RepositoryReader: Sendable {
    /// Which index is read.
    package enum Selection: Equatable, Sendable {
        /// What is published now; it has to be newer than all that was seen, and not expired.
        case newest
        /// That of a revision; it may be old, because somebody chose it.
        case revision(Int64)
        /// That with a digest, as a lock names it.
        case manifest(Digest)
    }

    /// A repository whose index is known to be good.
    package struct Opened: Equatable, Sendable {
        /// The index.
        package var known: KnownIndex
        /// The key that signed it; nil when nobody asked.
        package var signer: String?
        /// What is worth knowing, a sentence each.
        package var notes: [String] = []

        /// The packages.
        package var packages: [RepositoryPackage] { known.index.packages }
    }

    /// Whose signature counts; nil to take an index without one.
    package var keys: [TrustedKey]?
    /// What remembers earlier indexes; nil for nothing.
    package var memory: RepositoryMemoryFile?
    /// Now.
    package var now: UTCTime
    /// Whether what was seen before counts no more.
    package var forgets = false

    /// Reads with keys and a memory.
    package init(keys: [TrustedKey]?, memory: RepositoryMemoryFile?, now: UTCTime) {
        self.keys = keys
        self.memory = memory
        self.now = now
    }

    /// Opens a repository.
    ///
    /// - Parameter reference: what the memory knows it by: `host/repository`, or a path.
    /// - Throws: `RepositoryPlanningError` for an index that is expired, older than one that was seen, or not of its
    ///   history; `RegistryError` (`notFound`) when there is none; as `RepositoryArtifact.read`.
    package func open(
        _ selection: Selection = .newest, of reference: String, in source: inout some BlobSource & ~Copyable
    ) throws -> Opened {
        let top = try Self.document(selection, reference, in: &source)
        let (known, signer) = try RepositoryArtifact.read(top, from: &source, keys: keys)
        var opened = Opened(known: known, signer: signer)
        guard selection == .newest, keys != nil else { return opened }
        try Self.checkExpiry(known.index, reference, now)
        if let note = try checkHistory(known, reference, in: &source) { opened.notes.append(note) }
        return opened
    }

    private static func document(
        _ selection: Selection, _ reference: String, in source: inout some BlobSource & ~Copyable
    ) throws -> ManifestDocument {
        let tag: String
        switch selection {
        case .manifest(let digest): return try source.manifest(digest)
        case .newest: tag = RepositoryIndex.newestTag
        case .revision(let revision): tag = RepositoryIndex.tag(revision: revision)
        }
        if let document = try source.manifest(tag: tag) { return document }
        throw RepositoryPlanningError(
            .absent, "reading the repository", reference, cause: "it has no tag \(tag)",
            remedy: "Check the spelling, or publish it with 'boatyard repository publish'.")
    }

    private static func checkExpiry(
        _ index: RepositoryIndex, _ reference: String, _ now: UTCTime
    ) throws(RepositoryPlanningError) {
        guard now >= index.expires else { return }
        throw RepositoryPlanningError(
            .expired, "reading the repository", reference, cause: "its index expired at \(index.expires)",
            remedy: "Ask who publishes it to publish it again, and check the clock of this machine.")
    }

    /// Refuses an index that contradicts what was seen, and remembers a good one.
    ///
    /// - Returns: what is worth knowing; nil for nothing.
    func checkHistory(
        _ known: KnownIndex, _ reference: String, in source: inout some BlobSource & ~Copyable
    ) throws -> String? {
        guard let memory else { return nil }
        var note: String?
        if !forgets, let seen = try memory.read().check(known, at: reference) {
            let finding = try RepositoryArtifact.search(
                for: seen.digest, revision: seen.revision, from: known.digest, link: IndexLink(known.index), in: &source
            )
            switch finding {
            case .found: break
            case .absent: throw RepositoryMemory.contradiction(seen, at: reference)
            case .unknown:
                note = "revision \(seen.revision), seen here before, is no longer in the repository's history"
            }
        }
        try memory.change { memory in
            if forgets { memory.forget(reference) }
            memory.note(known, at: reference)
        }
        return note
    }
}
