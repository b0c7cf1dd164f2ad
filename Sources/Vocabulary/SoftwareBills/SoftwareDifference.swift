package import JSONText

/// In what the packages of two images differ.
package struct SoftwareDifference: Equatable, Sendable {
    /// One package, by kind, name and architecture.
    package struct Change: Equatable, Sendable {
        /// Who lists it.
        package var kind: InstalledSoftware.Kind
        /// Its name, with the architecture where a system has several of that name.
        package var name: String
        /// The versions before, sorted; none when it is new.
        package var old: [String]
        /// The versions after, sorted; none when it is gone.
        package var new: [String]
    }

    /// What is new.
    package var added: [Change] = []
    /// What is gone.
    package var removed: [Change] = []
    /// What has another version.
    package var changed: [Change] = []

    /// Whether there is none.
    package var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

    /// Compares two lists.
    package init(from old: [InstalledSoftware], to new: [InstalledSoftware]) {
        let severals = Self.severals(old).union(Self.severals(new))
        let (before, after) = (Self.versions(old, severals), Self.versions(new, severals))
        for key in Set(before.keys).union(after.keys).sorted() {
            let change = Change(kind: key.kind, name: key.name, old: before[key] ?? [], new: after[key] ?? [])
            if change.old == change.new { continue }
            switch (change.old.isEmpty, change.new.isEmpty) {
            case (true, _): added.append(change)
            case (_, true): removed.append(change)
            case (false, false): changed.append(change)
            }
        }
    }

    private struct Key: Hashable, Comparable {
        var kind: InstalledSoftware.Kind
        var name: String

        static func < (one: Key, other: Key) -> Bool {
            (one.kind.rawValue, one.name) < (other.kind.rawValue, other.name)
        }
    }

    /// Names that a list has for more than one architecture.
    private static func severals(_ list: [InstalledSoftware]) -> Set<Key> {
        let machines = Dictionary(grouping: list) { Key(kind: $0.kind, name: $0.name) }
        return Set(machines.filter { Set($0.value.map(\.architecture)).count > 1 }.keys)
    }

    private static func versions(_ list: [InstalledSoftware], _ severals: Set<Key>) -> [Key: [String]] {
        var versions: [Key: [String]] = [:]
        for package in list {
            var key = Key(kind: package.kind, name: package.name)
            if severals.contains(key) { key.name += ":\(package.architecture ?? "")" }
            versions[key, default: []].append(package.version)
        }
        return versions.mapValues { $0.sorted() }
    }
}

extension SoftwareDifference {
    /// The difference as an object of three lists.
    package var json: JSONValue {
        let list: ([Change]) -> JSONValue = { changes in .array(changes.map { .object($0.json) }) }
        return ["added": list(added), "removed": list(removed), "changed": list(changed)]
    }
}

extension SoftwareDifference.Change {
    fileprivate var json: JSONObject {
        var object: JSONObject = ["kind": .string(kind.rawValue), "name": .string(name)]
        if !old.isEmpty { object["old"] = .string(old.joined(separator: ", ")) }
        if !new.isEmpty { object["new"] = .string(new.joined(separator: ", ")) }
        return object
    }
}
