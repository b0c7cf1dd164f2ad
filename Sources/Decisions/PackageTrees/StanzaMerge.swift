import Faults

/// Says how a list of installed packages writes one.
package enum StanzaForm: Hashable, Sendable {
    /// dpkg's `status`: `Package`, `Architecture`, `Version`.
    case dpkg
    /// apt's `extended_states`: `Package`, `Architecture`, `Auto-Installed`.
    case extendedStates
    /// apk's `installed`: `P`, `A`, `V`.
    case apk

    fileprivate var name: String { self == .apk ? "P" : "Package" }
    fileprivate var architecture: String { self == .apk ? "A" : "Architecture" }
    fileprivate var version: String { self == .apk ? "V" : "Version" }
}

/// Merges lists of installed packages, which are stanzas with an empty line behind each.
enum StanzaMerge {
    /// The merged list, by name and architecture, as dpkg sorts its own.
    ///
    /// - Throws: `PackageTreesError` for a package in two versions, or in two states.
    static func merge(
        _ form: StanzaForm, base: [UInt8], _ versions: [StateVersion]
    ) throws(PackageTreesError) -> [UInt8] {
        let lists = versions.map { stanzas($0.bytes, form) }
        let merged = try RecordList.merge(base: stanzas(base, form), versions, lists) {
            (conflict) throws(PackageTreesError) -> [UInt8]? in try resolve(conflict, form)
        }
        let order = merged.order.sorted { $0.lexicographicallyPrecedes($1) }
        return order.flatMap { merged.records[$0] ?? [] }
    }

    private static func resolve(
        _ conflict: RecordConflict, _ form: StanzaForm
    ) throws(PackageTreesError) -> [UInt8]? {
        // Who asked for a package by its name wants it to stay.
        if form == .extendedStates {
            let states = [conflict.one.bytes, conflict.other.bytes]
            return states.first { $0.map { field("Auto-Installed", $0) == "1" } != true } ?? nil
        }
        let stanza = conflict.one.bytes ?? conflict.other.bytes ?? []
        let name = field(form.name, stanza) ?? "a package without a name"
        let (one, other) = (state(conflict.one.bytes, form), state(conflict.other.bytes, form))
        let cause =
            one == other
            ? "\(conflict.one.who) and \(conflict.other.who) have it in version \(one), in different states"
            : "\(conflict.one.who) has \(one), \(conflict.other.who) has \(other)"
        throw PackageTreesError(
            .version, "joining", "the distribution's package \(name)", cause: cause,
            remedy:
                "Build both again on one state of the mirror, or let one of them require the other, build on it, and "
                + "name the list of packages in its 'artefact.overrides'.")
    }

    private static func state(_ stanza: [UInt8]?, _ form: StanzaForm) -> String {
        stanza.map { field(form.version, $0) ?? "no version" } ?? "removed it"
    }

    /// Reads stanzas; each ends with its empty line.
    private static func stanzas(_ bytes: [UInt8], _ form: StanzaForm) -> RecordList {
        var list = RecordList()
        var stanza: [UInt8] = []
        func close() {
            guard !stanza.isEmpty else { return }
            let name = field(form.name, stanza) ?? ""
            let key = Array(name.utf8) + [0] + Array((field(form.architecture, stanza) ?? "").utf8)
            list.append(stanza + [0x0A], key: key)
            stanza = []
        }
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.isEmpty { close() } else { stanza += line + [0x0A] }
        }
        close()
        return list
    }

    /// The value of a field; lines that go on one begin with a space, and do not count.
    private static func field(_ name: String, _ stanza: [UInt8]) -> String? {
        let head = Array("\(name):".utf8)
        guard let line = stanza.split(separator: 0x0A).first(where: { $0.starts(with: head) }) else { return nil }
        return String(decoding: line.dropFirst(head.count).drop { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
    }
}
