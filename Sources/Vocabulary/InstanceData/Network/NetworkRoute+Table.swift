import DocumentTree
import NetworkModel

extension NetworkRoute {
    /// The keys of a route in all three languages.
    static let table = DocumentTable<NetworkRoute>(
        "a route", emptyIsAbsent: true,
        destinations + gateways
            + [
                DocumentKey("netmask", .word, "The mask of the destination.") { $0.mask = $1 },
                DocumentKey("prefix", .word, "The prefix length of the destination.") { $0.mask = $1 },
                DocumentKey("id", .word, "Ignored.") { _, _ in },
                DocumentKey("services", .node, "Ignored.") { _, _ in },
            ] + NetworkSetting.route.flatMap { $0.keys { $0.lines.append($1) } })

    private static let destinations: [DocumentKey<NetworkRoute>] = ["to", "destination", "network"].map { name in
        DocumentKey(name, .word, "Where to: a network, an address, or `default`.") { $0.bareDestination = $1 }
    }

    private static let gateways: [DocumentKey<NetworkRoute>] = ["via", "gateway"].map { name in
        DocumentKey(name, .address, "Through which gateway.") { $0.gateway = $1 }
    }

    /// A route as a value; wrong ones are refused as a whole.
    static let value = DocumentValue<NetworkRoute>(.table(table.entries)) { (node, name) throws(DocumentError) in
        var route = NetworkRoute()
        try table.read(node, into: &route)
        guard route.settle() else { throw DocumentError(at: node.mark, "a route needs a network that it leads to") }
        let isMixed = route.gateway.map { $0.isSix != (route.destination?.address.isSix ?? $0.isSix) } ?? false
        guard !isMixed else {
            throw DocumentError(at: node.mark, "a route's network and gateway must be of one family")
        }
        return route
    }
}

extension DocumentValue where Value == String {
    /// A text without spaces that is judged later.
    static var word: Self {
        Self(.text("a text")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard text.utf8.count <= 100, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw DocumentError(at: node.mark, "\(name) must be a short text without spaces")
            }
            return text
        }
    }
}
