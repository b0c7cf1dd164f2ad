package import PackageModel

/// Says how something came to be needed: somebody asks for a package, that one needs another, and so on.
package struct NeedChain: Hashable, Sendable {
    /// A package on the way, and what it needs.
    package struct Link: Hashable, Sendable {
        /// The package.
        package var package: NamedVersions
        /// What it needs of the next one.
        package var needs: PackageRequest
        /// Where that is written; nil when nobody knows.
        package var place: String?

        /// Describes a link.
        package init(_ package: NamedVersions, needs: PackageRequest, at place: String? = nil) {
            self.package = package
            self.needs = needs
            self.place = place
        }

        fileprivate var words: String { "needed by \(package)" + (place.map { " (\($0))" } ?? "") }
    }

    /// The most links that are written out.
    private static let shown = 6

    /// Where it begins.
    package var asked: PlacedRequest
    /// The packages on the way, from the one that is asked for to the one that needs what this is about.
    package var links: [Link]

    /// Describes a chain.
    package init(_ asked: PlacedRequest, _ links: [Link] = []) {
        self.asked = asked
        self.links = links
    }

    /// What is needed at its end.
    package var need: PackageRequest { links.last?.needs ?? asked.request }

    /// `asked for by F`, or `needed by app/desk 3, which is needed by app/office 1, which is asked for by F`.
    package var words: String {
        var parts = links.reversed().map { ($0.words, $0.package.verb) }
        if parts.count > Self.shown {
            let more = parts.count - Self.shown + 1
            parts.replaceSubrange(
                (Self.shown / 2)..<(Self.shown / 2 + more), with: [("needed by \(more) more packages in turn", "are")])
        }
        var (text, verb) = ("", "")
        for part in parts {
            text += (text.isEmpty ? "" : ", which \(verb) ") + part.0
            verb = part.1
        }
        return text.isEmpty ? "asked for by \(asked.origin)" : "\(text), which \(verb) asked for by \(asked.origin)"
    }

    /// The same for parentheses, where an origin stands alone.
    var brief: String { links.isEmpty ? asked.origin : words }

    /// The chain as it is without versions of the packages on the way: chains that differ in these alone are told as one.
    var shape: [String] {
        ["\(asked.request)", asked.origin] + links.flatMap { ["\($0.package.name)", "\($0.needs)"] }
    }
}
