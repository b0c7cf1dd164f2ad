import Faults
package import ImageModel
import JSONText
import PackageModel
import RegistryModel

/// Remembers the newest index that was seen of each repository: `repositories.json` in the user's cache folder.
package struct RepositoryMemory: Equatable, Sendable {
    /// The largest file that is read, in bytes.
    package static let sizeLimit = 1 << 20
    /// The most repositories that are remembered.
    private static let limit = 1_000

    /// What was seen of one.
    package struct Entry: Equatable, Sendable {
        /// The repository's name.
        package var name: String
        /// The revision of the newest index.
        package var revision: Int64
        /// The digest of its manifest.
        package var digest: Digest

        /// States what was seen.
        package init(_ known: KnownIndex) {
            name = known.index.name
            revision = known.index.revision
            digest = known.digest
        }

        fileprivate init(_ reader: DocumentReader) throws(RegistryModelError) {
            name = try reader.text("name")
            revision = try reader.integer("revision", in: 1...Int64.max)
            digest = try reader.digest("digest")
        }
    }

    /// What was seen, by the repository's reference.
    package private(set) var entries: [String: Entry] = [:]

    /// Remembers nothing.
    package init() {}

    /// Reads the file.
    ///
    /// - Throws: `RepositoryPlanningError` when it is damaged, which is not the same as nothing seen.
    package init(parsing bytes: [UInt8]) throws(RepositoryPlanningError) {
        do throws(RegistryModelError) {
            let reader = try DocumentReader(
                parsing: bytes, maximum: Self.sizeLimit, operation: "reading which indexes were seen",
                remedy: "Remove the file, if you are sure that nobody showed you an old index.")
            guard try reader.integer("format", in: 0...Int64.max) == 1 else {
                throw reader.fault("format", "this program reads only format 1")
            }
            let list = try reader.child("repositories")
            for member in list.object.members.prefix(Self.limit) {
                entries[member.name] = try Entry(list.child(member.name))
            }
        } catch {
            throw RepositoryPlanningError(
                .memory, error.operation, error.subject, cause: error.cause, remedy: error.remedy)
        }
    }

    /// Refuses an index that contradicts what was seen, as far as the index itself says it.
    ///
    /// - Returns: what was seen, when it has to be in the history of this one; nil when there is nothing to look for.
    /// - Throws: `RepositoryPlanningError`: an older one, another one of the same revision, another repository.
    package func check(_ known: KnownIndex, at reference: String) throws(RepositoryPlanningError) -> Entry? {
        guard let seen = entries[reference], seen.digest != known.digest else { return nil }
        let index = known.index
        guard index.name == seen.name else {
            throw Self.refusal(
                .name, reference, "it is the repository \(index.name), and the one seen here before was \(seen.name)")
        }
        guard index.revision >= seen.revision else {
            throw Self.refusal(
                .older, reference, "its revision is \(index.revision), and revision \(seen.revision) was seen before")
        }
        guard index.revision > seen.revision else {
            throw Self.refusal(.history, reference, "there are two different indexes with revision \(seen.revision)")
        }
        return seen
    }

    /// Refuses an index in whose history what was seen is missing.
    package static func contradiction(_ seen: Entry, at reference: String) -> RepositoryPlanningError {
        refusal(
            .history, reference,
            "revision \(seen.revision) was seen before, and is not in the history of the newest one")
    }

    private static func refusal(
        _ kind: RepositoryPlanningFault, _ reference: String, _ cause: String
    ) -> RepositoryPlanningError {
        RepositoryPlanningError(
            kind, "reading the repository", reference, cause: cause,
            remedy: "Somebody shows you an old or another repository: ask who publishes it. "
                + "If it was made anew, read it once with --forget.")
    }

    /// Notes that an index was seen; the revision never goes back.
    package mutating func note(_ known: KnownIndex, at reference: String) {
        if let seen = entries[reference], seen.name == known.index.name, seen.revision > known.index.revision { return }
        entries[reference] = Entry(known)
        // Who reads so many different repositories is no user; the file stays small all the same.
        if entries.count > Self.limit, let first = entries.keys.min() { entries[first] = nil }
    }

    /// Forgets what was seen of a repository.
    package mutating func forget(_ reference: String) { entries[reference] = nil }

    /// The file's bytes.
    package func serialized() -> [UInt8] {
        var repositories = JSONObject()
        for (reference, entry) in entries.sorted(by: { $0.key < $1.key }) {
            repositories[reference] = [
                "name": .string(entry.name), "revision": .integer(entry.revision),
                "digest": .string(entry.digest.registryText),
            ]
        }
        let json: JSONValue = ["format": 1, "repositories": .object(repositories)]
        return json.serialized(indented: true) + [0x0A]
    }
}
