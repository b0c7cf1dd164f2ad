// Three-way merges of files that are lists of records: what every package changed of the base is in the result, and the
// order of the packages does not matter.

/// What one package has in the place of a file that several change.
package struct StateVersion: Equatable, Sendable {
    /// Who has it: the package's name.
    package var who: String
    /// The content.
    package var bytes: [UInt8]
    /// Whether its records count where packages before it want something else.
    package var overrides: Bool
    /// The packages that it was built on: what it has instead of theirs is a change of theirs.
    package var builtOn: Set<String>

    /// Pairs a package with the content.
    package init(_ who: String, _ bytes: [UInt8], overrides: Bool = false, builtOn: Set<String> = []) {
        self.who = who
        self.bytes = bytes
        self.overrides = overrides
        self.builtOn = builtOn
    }
}

/// One record that two packages want to be different things.
struct RecordConflict {
    /// What the base has; nil when it has none of the key.
    var base: [UInt8]?
    /// What the two have, and who they are; nil when one removes it.
    var one: (who: String, bytes: [UInt8]?)
    var other: (who: String, bytes: [UInt8]?)
}

/// A file as records with keys, in their order; records of one key belong together.
struct RecordList {
    private(set) var order: [[UInt8]] = []
    private(set) var records: [[UInt8]: [UInt8]] = [:]

    /// Begins without records.
    init() {}

    /// Adds a record, behind others of its key.
    mutating func append(_ record: some Collection<UInt8>, key: [UInt8]) {
        if records[key] == nil { order.append(key) }
        records[key, default: []] += record
    }

    /// Merges what packages have with what the base has: records of the base in their order, then new ones by key.
    ///
    /// - Parameters:
    ///   - lists: what the versions hold, in their order.
    ///   - resolve: decides what becomes of a record that two packages want to be different things; nil removes it.
    static func merge<Failure: Error>(
        base: RecordList, _ versions: [StateVersion], _ lists: [RecordList],
        resolve: (RecordConflict) throws(Failure) -> [UInt8]?
    ) throws(Failure) -> RecordList {
        let added = Set(lists.flatMap(\.order)).subtracting(base.order)
        var result = RecordList()
        for key in base.order + added.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let old = base.records[key]
            var changes: [(who: String, bytes: [UInt8]?)] = []
            var winner: (who: String, bytes: [UInt8]?)?
            for (version, list) in zip(versions, lists) {
                let own = (who: version.who, bytes: list.records[key])
                let seen = changes.last { version.builtOn.contains($0.who) }
                if own.bytes == (seen.map(\.bytes) ?? old) { continue }
                changes.append(own)
                guard let first = winner, !version.overrides, !version.builtOn.contains(first.who) else {
                    winner = own
                    continue
                }
                if first.bytes == own.bytes { continue }
                winner = (version.who, try resolve(RecordConflict(base: old, one: first, other: own)))
            }
            if let record = winner.map(\.bytes) ?? old { result.append(record, key: key) }
        }
        return result
    }

    /// The records one after the other.
    var bytes: [UInt8] { order.flatMap { records[$0] ?? [] } }
}

extension RecordList {
    /// Reads lines; each keeps its end, and the last one gets one.
    ///
    /// - Parameter key: by what a line is found.
    static func lines(_ bytes: [UInt8], key: (ArraySlice<UInt8>) -> [UInt8]) -> RecordList {
        var list = RecordList()
        var pieces = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if pieces.last?.isEmpty ?? false { pieces.removeLast() }
        for line in pieces { list.append(line + [0x0A], key: key(line)) }
        return list
    }

    /// Reads lines by one of their words; a line that has fewer is found by itself.
    static func lines(_ bytes: [UInt8], word: Int) -> RecordList {
        lines(bytes) { line in
            let words = line.split { $0 == 0x20 || $0 == 0x09 }
            return word < words.count ? Array(words[word]) : Array(line)
        }
    }

    /// Reads records of three lines by the first (dpkg's `diversions`); what is left at the end is found by itself.
    static func diversions(_ bytes: [UInt8]) -> RecordList {
        var list = RecordList()
        var rest = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)[...]
        if rest.last?.isEmpty ?? false { rest.removeLast() }
        while let first = rest.first {
            let record = rest.prefix(3).flatMap { $0 + [0x0A] }
            list.append(record, key: Array(first))
            rest = rest.dropFirst(3)
        }
        return list
    }
}
