// Files of /var/lib/dpkg/alternatives, as update-alternatives(1) of dpkg writes them: the mode, the link, names and
// links of slaves in pairs, an empty line; then for every choice its path, its priority and a path for each slave, and
// an empty line.

import Faults

/// One alternative: a link, further links that follow it, and the choices between which they are switched.
package struct AlternativeFile: Equatable, Sendable {
    /// One choice.
    struct Choice: Equatable, Sendable {
        /// The priority, as it is written.
        var priority: String
        /// What further links lead to, by name; none where it is empty.
        var slaves: [String: String]
    }

    /// `auto` or `manual`.
    var mode: String
    /// The link in the system that leads to `/etc/alternatives`.
    var link: String
    /// Further links that follow it, by name.
    var slaves: [String: String]
    /// The choices by path.
    var choices: [String: Choice]

    /// Reads a file; nil when it has another form.
    package init?(parsing bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard let mode = lines.popFirst(), mode == "auto" || mode == "manual", let link = lines.popFirst() else {
            return nil
        }
        (self.mode, self.link, slaves, choices) = (String(mode), String(link), [:], [:])
        var names: [String] = []
        while let name = lines.popFirst(), !name.isEmpty {
            guard let target = lines.popFirst() else { return nil }
            names.append(String(name))
            slaves[String(name)] = String(target)
        }
        while let path = lines.popFirst(), !path.isEmpty {
            guard let priority = lines.popFirst(), Int(priority) != nil, lines.count >= names.count else { return nil }
            let targets = lines.prefix(names.count).map(String.init)
            lines = lines.dropFirst(names.count)
            let pairs = zip(names, targets).filter { !$0.1.isEmpty }
            choices[String(path)] = Choice(
                priority: String(priority), slaves: Dictionary(pairs) { first, _ in first })
        }
    }

    /// The file, sorted by names and paths as update-alternatives sorts them.
    package var bytes: [UInt8] {
        let names = slaves.keys.sorted(by: Self.isBefore)
        var lines = [mode, link] + names.flatMap { [$0, slaves[$0] ?? ""] } + [""]
        for path in choices.keys.sorted(by: Self.isBefore) {
            guard let choice = choices[path] else { continue }
            lines += [path, choice.priority] + names.map { choice.slaves[$0] ?? "" }
        }
        return Array(lines.joined(separator: "\n").utf8) + [0x0A, 0x0A]
    }

    private static func isBefore(_ one: String, _ other: String) -> Bool {
        one.utf8.lexicographicallyPrecedes(other.utf8)
    }

    /// The links in `/etc/alternatives` by name: to the choice of the highest priority, of equal ones the first by
    /// path; nil when somebody chose by hand, and for an alternative without choices.
    package func links(named name: String) -> [String: String]? {
        let paths = choices.keys.sorted(by: Self.isBefore)
        guard mode == "auto", let highest = paths.compactMap({ Int(choices[$0]?.priority ?? "") }).max(),
            let best = paths.first(where: { Int(choices[$0]?.priority ?? "") == highest })
        else { return nil }
        return (choices[best]?.slaves ?? [:]).merging([name: best]) { $1 }
    }

    /// Merges what packages have with what the base has.
    ///
    /// - Parameter name: of the alternative, for messages.
    /// - Throws: `PackageTreesError` when one choice, or one of the links, is to be two different things.
    static func merge(
        _ name: String, base: [UInt8], _ versions: [StateVersion]
    ) throws(PackageTreesError) -> [UInt8] {
        var lists: [RecordList] = []
        for version in versions {
            guard let file = AlternativeFile(parsing: version.bytes) else { throw .alternative(name, version.who) }
            lists.append(file.records)
        }
        let merged = try RecordList.merge(
            base: AlternativeFile(parsing: base)?.records ?? RecordList(), versions, lists
        ) { (conflict) throws(PackageTreesError) -> [UInt8]? in throw .alternative(name, conflict)
        }
        return AlternativeFile(merged).bytes
    }

    /// Every fact as a record of its own.
    private var records: RecordList {
        var list = RecordList()
        func add(_ value: String, _ key: String...) {
            list.append(Array(value.utf8), key: Array(key.joined(separator: "\n").utf8))
        }
        add(mode, "mode")
        add(link, "link")
        for (name, target) in slaves { add(target, "slave", name) }
        for (path, choice) in choices {
            add(choice.priority, "choice", path)
            for (name, target) in choice.slaves { add(target, "target", path, name) }
        }
        return list
    }

    private init(_ records: RecordList) {
        (mode, link, slaves, choices) = ("auto", "", [:], [:])
        var targets: [(path: String, name: String, target: String)] = []
        for key in records.order {
            let parts = String(decoding: key, as: UTF8.self).split(separator: "\n").map(String.init)
            let value = String(decoding: records.records[key] ?? [], as: UTF8.self)
            switch (parts.first, parts.count) {
            case ("mode", _): mode = value
            case ("link", _): link = value
            case ("slave", 2): slaves[parts[1]] = value
            case ("choice", 2): choices[parts[1]] = Choice(priority: value, slaves: [:])
            case ("target", 3): targets.append((parts[1], parts[2], value))
            default: break
            }
        }
        for (path, name, target) in targets where slaves[name] != nil { choices[path]?.slaves[name] = target }
    }
}

extension PackageTreesError {
    fileprivate static func alternative(_ name: String, _ who: String) -> PackageTreesError {
        PackageTreesError(
            .state, "joining", "/var/lib/dpkg/alternatives/\(name)",
            cause: "the file in \(who) is not what update-alternatives writes",
            remedy: "Build \(who) again, or leave the file out by 'artefact.exclude'.")
    }

    fileprivate static func alternative(_ name: String, _ conflict: RecordConflict) -> PackageTreesError {
        func text(_ bytes: [UInt8]?) -> String { bytes.map { String(decoding: $0, as: UTF8.self) } ?? "nothing" }
        return PackageTreesError(
            .state, "joining", "/var/lib/dpkg/alternatives/\(name)",
            cause: "\(conflict.one.who) has \(text(conflict.one.bytes)) where \(conflict.other.who) has "
                + text(conflict.other.bytes),
            remedy: "Let one of them require the other and build on it, or name the file in its 'artefact.exclude'.")
    }
}
