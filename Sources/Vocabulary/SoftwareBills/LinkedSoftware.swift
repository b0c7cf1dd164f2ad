/// Reads the list of what is linked into a program: stanzas of `Name: value` lines, as dpkg keeps its list.
package struct LinkedSoftware: Sendable {
    /// Fields of a stanza.
    ///
    /// `Architecture` is for a package of the distribution, `Repository`, an address without its scheme, for one of Swift's.
    /// Without a `License` nothing is claimed.
    private static let fields: Set<String> = [
        "Package", "Version", "Architecture", "Repository", "Maintainer", "License",
    ]

    /// What is linked, sorted by name, each once.
    package private(set) var packages: [InstalledSoftware] = []

    /// Reads a list.
    ///
    /// Returns nil when a stanza does not say what it is about, or claims a licence that SPDX does not have: half of a list would
    /// say that the other half is not there.
    package init?(parsing bytes: [UInt8]) {
        var found = Set<InstalledSoftware>()
        var isWhole = true
        var reader = StanzaReader(Self.fields)
        let take: ([String: String]) -> Void = { stanza in
            guard let software = InstalledSoftware(linked: stanza) else { return isWhole = false }
            found.insert(software)
        }
        reader.take(bytes.span, stanza: take)
        reader.finish(stanza: take)
        guard isWhole, !found.isEmpty else { return nil }
        packages = found.sorted { ($0.kind.rawValue, $0.name, $0.version) < ($1.kind.rawValue, $1.name, $1.version) }
    }
}
